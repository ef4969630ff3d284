/* What the methods of the door answer, as JSON Schema. */

type Schema = Readonly<Record<string, unknown>>;

const nothing: Schema = { type: 'null' };
const truth: Schema = { const: true };
const boolean: Schema = { type: 'boolean' };
const text: Schema = { type: 'string' };
const textOrNull: Schema = { type: ['string', 'null'] };
const json: Schema = { description: 'any JSON value' };
const count: Schema = { type: 'integer', minimum: 0 };
const countOrNull: Schema = { type: ['integer', 'null'], minimum: 0 };
const instances: Schema = listOf({ type: 'string', description: 'an instance' });
const exitcode: Schema = { type: ['integer', 'null'], description: 'N, or -N where signal N ended it; null while it runs, and where no process of it had one' };
const file: Schema = { type: 'string', description: 'of a file that the run has made' };
const path: Schema = record({ path: file });

/** An object of just these fields. */
function record(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

function mapOf(value: Schema): Schema {
  return { type: 'object', additionalProperties: value };
}

const grantFields = {
  tokens: { ...mapOf({ type: 'integer', minimum: 1 }), description: 'by name: the fencing number, rising with every grant' },
  owner_died: { ...listOf(text), description: 'those whose holder before ended without releasing them' },
};
const grant: Schema = record(grantFields);
const lockGrant: Schema = { ...grant, properties: { ...grantFields, waited: { const: true, description: 'where it was one lock without any limit, and others had it' } } };
const member: Schema = { type: 'integer', minimum: 1, maximum: 127 };
const place: Schema = record({
  handoff: record({
    path: file,
    at: { ...count, description: 'where the records go on that come after the own' },
    line: { ...listOf(member), description: 'who stands before, the holder first' },
    released: { ...count, description: 'how often the lock was released by then' },
    member,
    epoch: { type: 'integer', minimum: 1, maximum: 255, description: 'what the bell says to whom the lock is handed on' },
    first_token: { type: 'integer', minimum: 1, description: 'the fencing number of the grant before the first release' },
    bells: { ...mapOf(text), description: 'by member: the named pipe that wakes it' },
  }),
});
const holders: Schema = listOf(record({ process: text, holder: text, permits: { type: 'integer', minimum: 1 }, token: { type: 'integer', minimum: 1 } }));

/** Fields that show the state of a primitive, by its kind. */
const states = {
  lock: { free: count, holders },
  semaphore: { free: count, holders },
  event: { is_set: boolean },
  condition: { lock: text },
  barrier: { parties: { type: 'integer', minimum: 1 }, arrived: instances, broken: boolean },
  queue: {
    size: count,
    in_hand: count,
    unfinished: count,
    capacity: { ...countOrNull, description: 'null without a bound' },
    ended: boolean,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Schema>>>>;
const pipeState = { inbound: count, capacity: { ...countOrNull, description: 'null without a bound' }, ended: boolean };

function look(state: Readonly<Record<string, Schema>>): Schema {
  return record({ ...state, waiting: count });
}

const stopping: Schema = {
  oneOf: [
    nothing,
    record({
      signal: { ...textOrNull, description: 'what has asked it to end last: a signal, or `command` for its stop command' },
      next_in_ms: { type: ['number', 'null'], description: 'until it is asked by the next; null where nothing follows' },
      why: text,
    }),
  ],
};
const waits: Schema = listOf(
  record({
    kind: { enum: ['dependency', 'event', 'barrier', 'hold', 'condition', 'queue', 'pipe', 'join', 'result', 'submit', 'sleep', 'backoff'] },
    name: text,
    detail: textOrNull,
    by: { ...instances, description: 'who could end the wait' },
  }),
);
const endStates = ['succeeded', 'failed', 'stopped', 'skipped'];
const processFields = {
  name: text,
  process: text,
  kind: { enum: ['process', 'daemon', 'finally'] },
  state: { enum: ['idle', 'waiting', 'starting', 'running', 'ready', 'backoff', 'stopping', ...endStates] },
  pid: { type: ['integer', 'null'], description: 'null while it does not run, and of a process made of steps' },
  exitcode,
  is_alive: boolean,
};
const pool: Schema = record({
  name: text,
  state: { enum: ['idle', 'waiting', 'running', 'stopping', ...endStates] },
  workers: { type: 'integer', minimum: 1 },
  running: count,
  tasks: count,
  succeeded: count,
  failed: count,
  cancelled: count,
  stopping,
  for_ms: count,
  waits,
  slots: listOf(
    record({
      name: text,
      task: textOrNull,
      state: { enum: ['initializing', 'starting', 'idle', 'running', 'stopping', 'ending'] },
      for_ms: count,
      pid: { type: ['integer', 'null'] },
      attempt: count,
      waits,
    }),
  ),
});

/** One entry of `run.things`. */
function thing(kind: string, state: Readonly<Record<string, Schema>>): Schema {
  return record({
    name: text,
    kind: { const: kind },
    ...state,
    waiters: listOf(record({ process: text, holder: text, for: text })),
    could: { ...mapOf(instances), description: 'by verb: who can still do what wakes them' },
  });
}

const things: Schema = listOf({
  oneOf: [
    thing('lock', states.lock),
    thing('semaphore', { ...states.semaphore, permits: count }),
    thing('event', states.event),
    thing('condition', states.condition),
    thing('barrier', states.barrier),
    thing('queue', { ...states.queue, broken: boolean, in_hand_of: mapOf({ type: 'integer', minimum: 1 }) }),
    thing('pipe', { ends: { ...listOf(record({ process: text, inbound: count, closed: boolean })), minItems: 2, maxItems: 2 } }),
    thing('value', { value: json }),
  ],
});

/** By method. */
export const resultSchemas: Readonly<Record<string, Schema>> = {
  'lock.acquire': { oneOf: [lockGrant, place] },
  'lock.release': nothing,
  'lock.delegate': record({ path: file, token: { type: 'integer', minimum: 1 } }),
  'lock.handoff': record({ bell: { type: 'string', description: 'of a named pipe that the run has made' } }),
  'lock.claim': { oneOf: [lockGrant, place] },
  'lock.leave': nothing,
  'lock.look': look(states.lock),
  'semaphore.acquire': grant,
  'semaphore.release': nothing,
  'semaphore.look': look(states.semaphore),
  'event.set': nothing,
  'event.clear': nothing,
  'event.wait': truth,
  'event.look': look(states.event),
  'barrier.wait': count,
  'barrier.abort': nothing,
  'barrier.reset': nothing,
  'barrier.look': look(states.barrier),
  'condition.wait': truth,
  'condition.notify': nothing,
  'condition.look': look(states.condition),
  'queue.put': {
    ...record({
      put: count,
      grant: { type: 'integer', minimum: 1, description: 'where it was asked for: the number of the next one' },
      credit: { ...count, description: 'how many items may be put on it without asking' },
    }),
    required: ['put'],
  },
  'queue.spool': path,
  'queue.spooled': nothing,
  'queue.get': record({ items: { ...listOf(json), minItems: 1 } }),
  'queue.give_back': nothing,
  'queue.tally': record({ path: file, capacity: { ...countOrNull, description: 'null without a bound' } }),
  'queue.look': look(states.queue),
  'queue.close': nothing,
  'queue.task_done': nothing,
  'queue.join': truth,
  'pipe.send': { oneOf: [nothing, record({ path: file, bell: { type: 'string', description: 'of a named pipe that the receiver makes' } })] },
  'pipe.recv': json,
  'pipe.ahead': record({ path: file, most: { type: 'integer', minimum: 1 } }),
  'pipe.poll': boolean,
  'pipe.look': look(pipeState),
  'pipe.watch': look(pipeState),
  'pipe.close': nothing,
  'value.get': json,
  'value.set': nothing,
  'value.add': { type: 'number' },
  'value.compare_and_set': boolean,
  'pool.submit': record({ tasks: listOf(count) }),
  'pool.result': record({
    fate: { enum: ['succeeded', 'failed', 'signalled', 'timed_out', 'lost', 'cancelled'] },
    value: json,
    why: textOrNull,
  }),
  'pool.close': nothing,
  'pool.join': nothing,
  'pool.terminate': nothing,
  'pool.kill': nothing,
  'process.list': listOf(record(processFields)),
  'process.start': nothing,
  'process.restart': nothing,
  'process.signal': nothing,
  'process.await': truth,
  'process.join': record({ exitcodes: mapOf(exitcode) }),
  'process.terminate': nothing,
  'process.kill': nothing,
  'run.look': record({
    name: textOrNull,
    phase: { enum: ['main', 'stopping', 'finally', 'daemons', 'over'] },
    uptime_ms: { type: 'integer', minimum: 0 },
    processes: listOf(record({ ...processFields, for_ms: count, attempt: count, autostart: boolean, stopping, waits })),
    pools: listOf(pool),
  }),
  'run.things': things,
  'run.ready': nothing,
  'run.shutdown': nothing,
};
