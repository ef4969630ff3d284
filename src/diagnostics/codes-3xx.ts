import type { CodeEntry } from './code-entry.ts';

/** Locks and semaphores. */
export const codes3xx = {
  MP302: {
    slug: 'demand-exceeds-permits',
    severity: 'error',
    certainty: 'every run',
    title: 'more permits are asked for than the semaphore has',
    explanation:
      'A bounded semaphore never has more permits than it begins with, so a larger demand can never be met, in any run. ' +
      'Raise `permits`, or ask for less.',
  },
  MP303: {
    slug: 're-acquire',
    severity: 'error',
    certainty: 'every run',
    title: 'a process acquires again what it already holds',
    explanation:
      'A plain lock is free again only when its owner releases it; an owner that waits for it waits for itself. The same ' +
      'holds of permits that are more than the semaphore has, together with those already held. Nested calls that each ' +
      'take the lock need `reentrant: true`; several permits belong into one step, which takes all or nothing.',
  },
  MP304: {
    slug: 'needs-what-its-starter-holds',
    severity: 'warning',
    certainty: 'possible',
    title: 'a program submits or starts what needs the lock that it holds itself',
    explanation:
      'What stands under `with` is held from start to exit. Tasks that the program submits, or a process that it starts, cannot begin before that where they need the same, so that a program that waits for them waits for itself. ' +
      'Of a semaphore several programs may hold all permits together: where each waits for the result of a task that needs one, none is left for any of these tasks. ' +
      'Whether they do, the spec does not say. Take the lock in the program, around the part that needs it.',
  },
  MP306: {
    slug: 'release-without-acquire',
    severity: 'error',
    certainty: 'every run',
    title: 'a lock is released that is not held',
    explanation:
      'A lock belongs to the instance that acquired it, and only that one may release it. No way through the steps leads ' +
      'here with the lock held, so the step fails. `with` releases on every way out by itself. To signal another process ' +
      'use an event, or a semaphore, which anybody may release.',
  },
  MP307: {
    slug: 'leak-in-loop',
    severity: 'error',
    certainty: 'every run',
    title: 'each round of a loop acquires what no round releases',
    explanation:
      'What a round has acquired is still held in the next one. A plain lock cannot be acquired again by its owner, so the second round fails; ' +
      'of a semaphore each round keeps more, until one waits for itself. `with` releases at the end of each round by itself. It is a warning where the ' +
      'number of rounds depends on what comes.',
  },
  MP309: {
    slug: 'large-demand-starves',
    severity: 'warning',
    certainty: 'some interleaving',
    title: 'a large demand may wait for ever behind small ones that come again and again',
    explanation:
      'A freed permit goes to the first who waits and whose whole demand fits. Where small demands overlap without end, so many permits may never be free at once as a large one needs. ' +
      '`fair: true` lets nobody pass who waits, at the price of permits that stay idle meanwhile.',
  },
  MP310: {
    slug: 'uncontended',
    severity: 'note',
    certainty: 'every run',
    title: 'only one instance takes a lock',
    explanation:
      'A lock keeps others out, and here there are no others: one instance alone takes it. Somebody has forgotten to take it elsewhere, or it is not needed. Nothing is said where others run programs, which may take a lock without a word in the spec.',
  },
  MP311: {
    slug: 'replicas-exceed-permits',
    severity: 'note',
    certainty: 'every run',
    title: 'a daemon has more instances than can hold what each of them needs',
    explanation:
      'A daemon keeps what stands under `with` until it ends, which is mostly the end of the run. With fewer permits than instances some of them do not start before. ' +
      'That is right for those that are to take over when another one has ended, and seldom otherwise.',
  },
  MP313: {
    slug: 'condition-without-lock',
    severity: 'error',
    certainty: 'every run',
    title: 'a condition is used without its lock',
    explanation:
      '`wait` gives the lock of the condition back while it waits and has it again afterwards; `notify` needs it so that ' +
      'no wake-up is lost between the look at the state and the wait. Both therefore fail unless the process holds the ' +
      'lock. Write `with: LOCK` around the steps.',
  },
} as const satisfies Record<`MP3${number}`, CodeEntry>;
