import type { CodeEntry } from './code-entry.ts';

/** Start order. */
export const codes2xx = {
  MP201: {
    slug: 'self-dependency',
    severity: 'error',
    certainty: 'every run',
    title: 'a process waits for itself',
    explanation:
      'What waits for its own start or its own end waits for ever. With replicas the name of a process means all its ' +
      'instances, so an instance that waits for its process waits for itself too. Remove the wait, or name another one.',
  },
  MP202: {
    slug: 'dependency-cycle',
    severity: 'error',
    certainty: 'every run',
    title: 'processes wait for each other in a circle before they start',
    explanation:
      'Everything in `depends_on` must come before the start, whatever the moment, so processes that wait for each ' +
      'other in a circle never start, in any run. The circle is shown wait by wait, beginning at the first one in the ' +
      'file. Remove one of the waits, or make one of them a step: `join` waits after the start.',
  },
  MP203: {
    slug: 'waits-for-end-of-endless',
    severity: 'error',
    certainty: 'every run',
    title: 'the end of a process is awaited that is restarted for ever',
    explanation:
      '`restart: always` declares that a process never ends by itself: its `success`, `failure` and `exit` do not come, ' +
      'and `join` does not return. Wait for its `ready`, give it `restart: on_failure`, or let a step `terminate` it.',
  },
  MP204: {
    slug: 'waits-for-end-of-daemon',
    severity: 'error',
    certainty: 'every run',
    title: 'the end of a daemon is awaited that is declared endless',
    explanation:
      'Daemons are stopped after every process, pool and `finally` has ended. Who waits for the end of a daemon with ' +
      '`restart: always` keeps the run from reaching that point: each waits for the other. A daemon that ends by itself ' +
      'may be waited for; this one may not. Wait for its `ready`.',
  },
  MP205: {
    slug: 'ready-without-probe',
    severity: 'warning',
    certainty: 'every run',
    title: 'readiness is awaited of something that cannot report it',
    explanation:
      'Without a `readiness_probe` a process counts as ready as soon as its command was started, long before a server ' +
      'answers. Add a probe (`tcp_socket`, `http_get`, `log_line`, `exec` or `notify`), or wait for `start` to say that ' +
      'this is what you mean. Where a daemon was named without a condition, this is only a note.',
  },
  MP206: {
    slug: 'contradictory-conditions',
    severity: 'error',
    certainty: 'every run',
    title: 'two outcomes of one process are awaited together',
    explanation:
      'All waits of `depends_on` must come true, and a process cannot both succeed and fail, so the waiting process is ' +
      'skipped in every run. `exit` comes either way.',
  },
  MP207: {
    slug: 'redundant-dependency',
    severity: 'note',
    certainty: 'every run',
    title: 'something is waited for that was waited for already',
    explanation:
      'Who waits for a process has waited, through it, for all that this one waits for before its start. Written once more it does no harm, but hides the shape of the whole. ' +
      'A wait with a timeout of its own says something else, and so does one through the `exit` or `failure` of a process, which may have been skipped.',
  },
  MP208: {
    slug: 'success-may-not-come',
    severity: 'note',
    certainty: 'possible',
    title: 'something is waited for by default whose failure is allowed',
    explanation:
      '`allow_failure` spares the run the failure of a process, but not those who depend on it: to them it has failed, and they are skipped. Who waits for its readiness in vain even fails the run. ' +
      '`condition: exit` comes either way. Nothing is said where the condition is written.',
  },
  MP209: {
    slug: 'event-of-endless',
    severity: 'error',
    certainty: 'every run',
    title: 'an event is awaited that only the end of something endless sets',
    explanation:
      '`restart: always` declares that a process never ends by itself, so an event of its `sets: { exit }` does not come before it is stopped. A daemon is stopped after every process has ended, ' +
      'and so not before whoever waits for the event. Let a step or the program set the event while it runs, or let the process end.',
  },
} as const satisfies Record<`MP2${number}`, CodeEntry>;
