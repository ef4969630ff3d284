import type { CodeEntry } from './code-entry.ts';

/** Events and barriers. */
export const codes4xx = {
  MP401: {
    slug: 'event-never-set',
    severity: 'error',
    certainty: 'every run',
    title: 'an event is awaited that nothing sets',
    explanation:
      'A wait that can no longer come true fails at once, and here that is so from the beginning: no `sets`, no step and ' +
      'no declared program sets the event, and it is not set initially. Add the setter, declare it with ' +
      '`uses: { EVENT: set }` where a program does it, or write `set: true` for the initial state.',
  },
  MP403: {
    slug: 'event-never-awaited',
    severity: 'warning',
    certainty: 'every run',
    title: 'an event is set that nobody waits for',
    explanation:
      'Somebody has forgotten to wait, or waits for another event of nearly the same name. ' +
      'Nothing is said where somebody else runs a program, which may wait (`mpctl event wait`) without a word in the spec.',
  },
  MP404: {
    slug: 'set-only-on-one-outcome',
    severity: 'warning',
    certainty: 'possible',
    title: 'a step waits for an event that comes only with an outcome that need not come',
    explanation:
      'A wait that can no longer come true fails. Before its start a process is skipped then, which is no failure where only a `success` or `failure` could set the event; a step fails its process, and so the run, ' +
      'although the others have done what they should, or only what `allow_failure` lets pass.',
  },
  MP405: {
    slug: 'lost-pulse',
    severity: 'warning',
    certainty: 'some interleaving',
    title: 'an event is set and cleared at once, and who waits later misses it',
    explanation:
      '`set` wakes everyone who waits at that moment, even if `clear` follows at once. Who comes to its `wait` a little later finds the event cleared, and when nobody can ' +
      'set it any more that wait fails: it works or not as the machine is quick or slow. Leave the event set. What is to be taken once by one is a permit of a semaphore ' +
      '(`permits: 0`, `bounded: false`, a `release` for each) or an item of a queue, which wait for who takes them.',
  },
  MP406: {
    slug: 'parties-mismatch',
    severity: 'error',
    certainty: 'every run',
    title: 'a barrier needs more parties than can arrive',
    explanation:
      'A barrier that can no longer be filled is broken, and all who wait there fail. With fewer possible parties than ' +
      '`parties` says that is so in every run. Replicas and the slots of a pool count one each; a program that waits ' +
      'there is declared with `uses: { BARRIER: wait }`.',
  },
  MP407: {
    slug: 'uneven-arrivals',
    severity: 'error',
    certainty: 'every run',
    title: 'the arrivals at a barrier do not make up whole rounds',
    explanation:
      'A round of a barrier is filled by as many as it has `parties`, each once. Where it is known how often each arrives, and these arrivals cannot be shared out to rounds, ' +
      'somebody waits for a party that does not come: the barrier is broken when nobody can fill it any more, and the wait fails. Let each party wait there the same number of times.',
  },
  MP409: {
    slug: 'timeout-breaks-barrier',
    severity: 'warning',
    certainty: 'some interleaving',
    title: 'a party that leaves a barrier when its time is over breaks it for the others',
    explanation:
      'As in Python, a barrier is broken when the time of one who waits there runs out, and all others who wait there fail, now and later, until a `reset`. ' +
      '`on_timeout: continue` spares only the party that says so.',
  },
  MP410: {
    slug: 'lost-notification',
    severity: 'warning',
    certainty: 'some interleaving',
    title: 'a condition may be notified before somebody waits at it, who fails then',
    explanation:
      '`notify` wakes those who wait at that moment, and is forgotten. Who comes to his `wait` later, when nobody can notify it any more, would wait for ever, so that his ' +
      'wait fails at once: it works or not as the machine is quick or slow. Programs look at what they wait for before they wait, with the lock held; a list of steps looks at ' +
      'nothing. Let the one who waits set an event while he has the lock, and the other one wait for that before he notifies; or use an event alone, which stays set.',
  },
} as const satisfies Record<`MP4${number}`, CodeEntry>;
