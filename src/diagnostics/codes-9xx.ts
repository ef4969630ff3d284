import type { CodeEntry } from './code-entry.ts';

/** What a look at everything that can happen finds out. */
export const codes9xx = {
  MP901: {
    slug: 'deadlock',
    severity: 'error',
    certainty: 'some interleaving',
    title: 'the run can come to where it never ends, since some wait for each other',
    explanation:
      'In the order of events that is shown, each of those named comes to wait for what only the others could give, and so does whoever waits for them: the run would end with exit code 5. ' +
      'In another order it may well go on, which is why it is met once in a hundred runs. Deadlocks that have nothing to do with each other are a finding each. No way to one is shorter than that which is shown, unless it says that this is not proved. Where it says every run, no order of events leads past it, unless a command fails, or ends the run, before: mpctl run refuses that without --no-check. It is a warning where a program decides whether it takes what it declares in uses, or gives back permits that others wait for, where tasks have a part in it of a pool that may be ended or halts, tries again, puts its results into a queue or takes them in another order than they are looked at in, or where a loop may have fewer rounds. ' +
      'Take locks in one order everywhere, or together in one step; wait for others before a lock is taken, and not while it is held.',
  },
  MP907: {
    slug: 'never-succeeds',
    severity: 'warning',
    certainty: 'every run',
    title: 'no run can succeed: whatever happens before, somebody comes to a step that fails',
    explanation:
      'All orders of events were looked at, with commands that succeed and commands that fail, and in each of them one of those named fails the run where it is shown: it waits for what can no longer come by then, ' +
      'as for an item of a queue that has fewer, or uses what has ended. Such a wait fails at once, so that it is no deadlock; but no run ends with 0. ' +
      'A failure on purpose, by a step exit, and one that allow_failure spares the run are not told. Nothing is said where not all orders could be looked at.',
  },
} as const satisfies Record<`MP9${number}`, CodeEntry>;
