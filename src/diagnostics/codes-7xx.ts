import type { CodeEntry } from './code-entry.ts';

/** Ending, restarts and timeouts. */
export const codes7xx = {
  MP701: {
    slug: 'never-ends',
    severity: 'note',
    certainty: 'every run',
    title: 'the run waits for something that never ends by itself',
    explanation:
      'A run ends when every process and pool has ended. A process with `restart: always`, and steps that ' +
      '`repeat: forever` without `exit` or the end of a queue or pipe in the loop, go on until the run is stopped, a ' +
      'step fails, or its `timeout` is over. That is allowed. What only serves the others is better a daemon.',
  },
  MP702: {
    slug: 'only-daemons',
    severity: 'note',
    certainty: 'every run',
    title: 'there are only daemons, so the run does not end by itself',
    explanation:
      'A run ends when every process and pool has ended. With daemons alone it lasts until it is stopped, as ' +
      '`docker compose up` does. That is fine for a development setup, and worth knowing in CI.',
  },
  MP703: {
    slug: 'restart-livelock',
    severity: 'warning',
    certainty: 'possible',
    title: 'the limit of restarts is never reached, so that what always fails is restarted for ever',
    explanation:
      '`max_restarts` counts the restarts within a time, five within a minute by default. Where `backoff` spreads them over more than that, there are never so many at once: what fails each time is tried for ever, and the run does not end. ' +
      'A number, as in `max_restarts: 5`, counts all restarts of the run.',
  },
  MP704: {
    slug: 'timeout-too-short',
    severity: 'warning',
    certainty: 'every run',
    title: 'a timeout is over before what it is for can be',
    explanation:
      'Some times are in the spec: the `initial_delay` before a first probe, and `sleep` steps, of the process itself and of those that it waits for. A timeout that is shorter than they are together ' +
      'runs out in every run.',
  },
  MP705: {
    slug: 'timeout-hides-deadlock',
    severity: 'warning',
    certainty: 'some interleaving',
    title: 'only a timeout keeps some from waiting for each other for ever',
    explanation:
      'In the order of events that is shown these wait for each other, until the time of one of them is over and it fails. No run hangs, but such a run has waited for nothing, and fails. ' +
      'The `timeout` may be that of a step, of a process or of the tasks of a pool; without it this is the deadlock that `mpctl check` shows as MP901, and the hint is what mends that. Nothing is said where a step says by `on_timeout` what is to be done then, and where a failure is allowed.',
  },
  MP706: {
    slug: 'timeout-then-use',
    severity: 'warning',
    certainty: 'some interleaving',
    title: 'a lock is released that was not got in time',
    explanation:
      'After `on_timeout: continue` the steps go on without the lock, and a `release` of what is not held fails. Steps have no condition, so that nothing can be left out behind ' +
      'an `acquire`. `with` leaves its `do` out where the time runs out, and releases only what it has got.',
  },
  MP707: {
    slug: 'lost-at-the-end',
    severity: 'warning',
    certainty: 'some interleaving',
    title: 'what processes put into a queue last may be lost with the daemon that takes it',
    explanation:
      'A run ends when every process has ended, and then the daemons are stopped, whatever is still in a queue or in their hands. A consumer that is to take everything is a process: ' +
      'it ends by itself when the queue is at its end, and the run waits for it. Or let the one who puts wait: `join: QUEUE`, where each item is reported by `task_done`.',
  },
  MP709: {
    slug: 'dead-step',
    severity: 'warning',
    certainty: 'every run',
    title: 'a step is never reached',
    explanation:
      'It stands behind an `exit`, or behind a `repeat: forever` that ends neither with a stream nor by a failure that it may have. `repeat` ends where a `get` or `recv` in it ' +
      'finds that nothing more comes.',
  },
  MP711: {
    slug: 'never-started',
    severity: 'note',
    certainty: 'every run',
    title: 'nothing in the spec starts a process that does not start by itself',
    explanation:
      'With `autostart: false` a process waits for a `start` step, for a program that `uses` it, or for `mpctl start` ' +
      'from another terminal. The run does not wait for a process that was never started.',
  },
  MP712: {
    slug: 'nothing-to-run',
    severity: 'warning',
    certainty: 'every run',
    title: 'the spec has no process, daemon or pool',
    explanation:
      'A run of it ends at once and succeeds. A file that only declares primitives is meant to be named under ' +
      '`include` of another.',
  },
  MP713: {
    slug: 'starts-finally',
    severity: 'error',
    certainty: 'every run',
    title: 'a step starts something of `finally` before its time',
    explanation:
      'What is of `finally` runs when every process and pool has ended, so that it knows the outcome. Until then nobody can ' +
      'start it: the step fails. Only a daemon, or another one of `finally`, is still there by then. It is a warning where ' +
      'the step may fail.',
  },
} as const satisfies Record<`MP7${number}`, CodeEntry>;
