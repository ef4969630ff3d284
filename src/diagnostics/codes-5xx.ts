import type { CodeEntry } from './code-entry.ts';

/** Queues, pipes and standard streams. */
export const codes5xx = {
  MP501: {
    slug: 'no-consumer',
    severity: 'error',
    certainty: 'every run',
    title: 'nobody takes from a queue that is filled',
    explanation:
      'A queue from which nobody can still take is broken, and putting into it fails instead of filling up memory or ' +
      'blocking for ever. Here there is no consumer at all. It is a warning where only a program might put.',
  },
  MP502: {
    slug: 'no-producer',
    severity: 'error',
    certainty: 'every run',
    title: 'nobody puts into a queue that is read',
    explanation:
      'A queue that is empty and into which nobody can still put is at its end, so a `get` outside a loop fails at once. ' +
      'Who reads to the end sees that end at once and ends well, which is only a warning.',
  },
  MP503: {
    slug: 'more-gets-than-puts',
    severity: 'error',
    certainty: 'every run',
    title: 'more items are taken from a queue than are ever put there',
    explanation:
      'A `get` outside of every loop needs an item. When the queue is empty and nobody can still put, it fails. Here the steps that put and those that take can be counted, ' +
      'and the items do not suffice in any run. `each` takes what comes, and ends with the queue.',
  },
  MP504: {
    slug: 'more-puts-than-room',
    severity: 'error',
    certainty: 'every run',
    title: 'more items are put into a bounded queue than are taken and have room there',
    explanation:
      'A `put` into a full queue waits for somebody to take. When nobody can still take, the queue is broken and the `put` fails. Here the steps that put and those that take ' +
      'can be counted, and items are left over in every run. Take them with `each`, or give the queue a `capacity` for what is to stay there.',
  },
  MP505: {
    slug: 'pipe-end-unused',
    severity: 'warning',
    certainty: 'possible',
    title: 'one end of a pipe waits for what the other end never does',
    explanation:
      'Said only of ends made of steps that run no program: their steps show that they never send, or never receive. ' +
      'The other end sees the end of the stream, or fails as broken, when this one has ended.',
  },
  MP506: {
    slug: 'queue-never-ends',
    severity: 'warning',
    certainty: 'every run',
    title: 'a process reads a queue to its end that a daemon may keep open for ever',
    explanation:
      'A queue is at its end when it is empty and nobody can still put. A daemon can, until it closes the queue or has ended, and daemons are stopped only when every process has ended: ' +
      'the process waits for the daemon, and the daemon for the process. Whether the program of a daemon closes the queue or ends by itself, the spec does not say unless `restart: always` does.',
  },
  MP509: {
    slug: 'pipe-end-too-late',
    severity: 'warning',
    certainty: 'possible',
    title: 'one end of a kernel pipe starts only when the other has ended, or both never run at once',
    explanation:
      'A kernel pipe holds little, 64 KiB on Linux: a sender that writes more waits for a receiver to read, and one that reads its input to the end waits for the sender. ' +
      'With small outputs it works, until one day there is more. Both ends are meant to run at once; what is to be kept until later belongs into a file.',
  },
  MP513: {
    slug: 'terminal-contention',
    severity: 'warning',
    certainty: 'some interleaving',
    title: 'several processes read the standard input of mpctl at the same time',
    explanation:
      'There is one standard input, and one terminal behind it. Whatever one process has read another does not see, so that with `stdin: inherit` in several places the lines are shared out by chance. ' +
      'Give it to one of them, or let one start when the other has ended.',
  },
  MP514: {
    slug: 'several-instances',
    severity: 'error',
    certainty: 'every run',
    title: 'one instance is needed where a name means several',
    explanation:
      'The name of a process with `replicas` or `matrix` means all its instances. An end of a pipe and ' +
      '`process.NAME.FIELD` need exactly one: write the name of that instance.',
  },
  MP515: {
    slug: 'stdio-pipe-misuse',
    severity: 'error',
    certainty: 'every run',
    title: 'a stream that a pipe with `via: stdio` joins is used in another way',
    explanation:
      'With `via: stdio` the stdout of one command is the stdin of the other, one kernel pipe that no byte leaves. So ' +
      'both ends need a `command`, the joined side takes no `stdin` or `stdout` key and no second pipe, and steps cannot ' +
      'send or receive there. Remove `via: stdio` to send messages.',
  },
  MP516: {
    slug: 'not-a-pipe-end',
    severity: 'error',
    certainty: 'every run',
    title: 'a step uses a pipe where its process has no such end',
    explanation:
      'Only the two instances that a pipe joins may use it, and with `from` and `to` the first one sends and the second ' +
      'one receives. `between` makes a pipe for both directions.',
  },
  MP517: {
    slug: 'terminal-streams',
    severity: 'error',
    certainty: 'every run',
    title: 'a process with `tty: true` has a stream that no terminal can serve',
    explanation:
      'A pseudo-terminal is the stdin, stdout and stderr of a program in one: what the program writes comes out as one ' +
      'stream, which goes to the log, and what it reads comes from the terminal. A file, a pipe or another target of ' +
      'its own would be ignored. `stdin` may be `inherit`, a text or a queue.',
  },
  MP518: {
    slug: 'shared-stdin',
    severity: 'warning',
    certainty: 'some interleaving',
    title: 'a queue on a stdin has other consumers',
    explanation:
      'The items of `stdin: { queue }` are handed over as fast as the pipe takes them, thousands ahead of a slow ' +
      'reader, so that one consumer may get all of them and the others none. A pool with `tasks: { queue }` gives an ' +
      'item to whoever is free, and a step `get` or `each` takes one at a time.',
  },
  MP519: {
    slug: 'pipe-to-itself',
    severity: 'error',
    certainty: 'every run',
    title: 'both ends of a pipe are the same process',
    explanation:
      'A pipe joins two processes, each of which has one end. A process that waits for a message of its own waits for ever, since it ' +
      'cannot send while it waits; one whose stdout is its own stdin never reads the end of its input.',
  },
  MP520: {
    slug: 'redelivers-nothing',
    severity: 'warning',
    certainty: 'every run',
    title: 'a queue redelivers, and no consumer of it ever has an item in hand',
    explanation:
      'With `on_consumer_death: redeliver` what a consumer had in hand when it died goes back to the head of the queue. ' +
      'An item is in hand until it is done: a task until its fate, an item of `each` until the end of its steps, and what ' +
      'a program or a step `get` takes until its `task_done`. Without `task_done` it is done as soon as it was taken, and what is ' +
      'on a `stdin` is never given back.',
  },
  MP521: {
    slug: 'direct-log-not-read',
    severity: 'error',
    certainty: 'every run',
    title: 'a log that is written directly asks for what only reading it could give',
    explanation:
      'With `log: direct` a process has its log file itself as stdout and stderr: it writes as fast as into any file, and its log goes on ' +
      'whatever becomes of mpctl. mpctl reads nothing of it, so that no line of it can answer a `log_line` probe, and no pseudo-terminal can ' +
      'stand between; and where neither stream goes to the log, nothing would be written to it.',
  },
  MP522: {
    slug: 'priority-without-order',
    severity: 'warning',
    certainty: 'every run',
    title: 'a priority is given to an item of a queue that has no such order',
    explanation:
      'Items come out of a queue in the order in which they came, or with `order: lifo` the last one first. Only with ' +
      '`order: priority` the lowest `priority` comes first. At the door of a run such a put is refused.',
  },
} as const satisfies Record<`MP5${number}`, CodeEntry>;
