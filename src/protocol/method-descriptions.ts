import type { Json } from '../base/json.ts';

/** What one parameter may be, as JSON Schema has it. */
type Schema = Readonly<Record<string, Json>>;

/** One method for the reference: how it is called and what it answers. */
export interface MethodDescription {
  /** One clause. */
  readonly summary: string;
  readonly required: Readonly<Record<string, Schema>>;
  readonly optional: Readonly<Record<string, Schema>>;
  /** What the answer is, for people. */
  readonly result: string;
}

const name: Schema = { type: 'string', description: 'the name in the spec' };
const taken: Schema = {
  type: 'integer',
  minimum: 0,
  description: 'borrows: how many items this process has taken in all of what it was lent before',
};
const item: Schema = { description: 'any JSON value' };
const timeout: Schema = {
  type: ['number', 'null'],
  minimum: 0,
  description: 'how long to wait, in ms; null without limit, 0 not at all',
};
const hold: Schema = {
  oneOf: [
    { type: 'string' },
    {
      type: 'object',
      properties: { name: { type: 'string' }, permits: { type: 'integer', minimum: 1 } },
      required: ['name'],
      additionalProperties: false,
    },
  ],
};
const holds: Schema = {
  oneOf: [hold, { type: 'array', items: hold, minItems: 1 }],
  description: 'a name, `{name, permits}`, or a list of these',
};
const items: Schema = { type: 'array', items: {}, description: 'several, in place of `item`' };

function method(
  summary: string,
  required: MethodDescription['required'],
  optional: MethodDescription['optional'],
  result: string,
): MethodDescription {
  return { summary, required, optional, result };
}

const grantResult = '`{"tokens": {NAME: fencing number}, "owner_died": [NAME]}`';

function holdMethods(kind: 'lock' | 'semaphore', release: MethodDescription['optional']): Readonly<Record<string, MethodDescription>> {
  const result = kind === 'lock' ? `${grantResult}, and \`"waited": true\` where it was one lock without any limit, and others had it` : grantResult;
  return {
    [`${kind}.acquire`]: method(`takes all of the holds at once; one alone is a ${kind}, several may be locks and semaphores`, { holds }, { timeout_ms: timeout }, result),
    [`${kind}.release`]: method('gives the holds back', { holds }, release, 'null'),
    [`${kind}.look`]: method('who holds it', { name }, {}, '`{"free", "holders": [{"process", "holder", "permits", "token"}], "waiting"}`'),
  };
}

function endMethods(kind: 'pool' | 'process', result: string): Readonly<Record<string, MethodDescription>> {
  return {
    [`${kind}.join`]: method('waits for its end', { name }, { timeout_ms: timeout }, result),
    [`${kind}.terminate`]: method('stops it; it comes back only where somebody starts it', { name }, {}, 'null'),
    [`${kind}.kill`]: method('stops it for good, without a grace period', { name }, {}, 'null'),
  };
}

/** Every method of the door, in the order of the reference. */
export const methodDescriptions: Readonly<Record<string, MethodDescription>> = {
  ...holdMethods('lock', { token: { type: 'integer', minimum: 1, description: 'of a single hold: only where it is still held by this grant' } }),
  'lock.delegate': method(
    'leaves a lock that the caller holds to it: it releases and takes it without asking, until others want it',
    { name },
    {},
    '`{"path", "token"}`: a file of 24 bytes, and the fencing number of the grant',
  ),
  'lock.handoff': method(
    'from now on an `acquire` of the caller may be answered with its place in line: others hand the lock on to it without the run',
    { name },
    {},
    '`{"bell"}`: the named pipe that wakes it',
  ),
  'lock.claim': method('asks the run for what has become of such a wait, or for the lock where nothing has', { name }, {}, 'as `lock.acquire`'),
  'lock.leave': method('gives such a wait up, or the lock where it has come to the caller', { name }, {}, 'null'),
  ...holdMethods('semaphore', {}),
  'event.set': method('sets it and wakes all who wait', { name }, {}, 'null'),
  'event.clear': method('clears it', { name }, {}, 'null'),
  'event.wait': method('waits until it is set', { name }, { timeout_ms: timeout }, 'true'),
  'event.look': method('whether it is set', { name }, {}, '`{"is_set", "waiting"}`'),
  'barrier.wait': method('arrives and waits for the others', { name }, { timeout_ms: timeout }, 'the index of arrival, from 0'),
  'barrier.abort': method('breaks it', { name }, {}, 'null'),
  'barrier.reset': method('makes it as new', { name }, {}, 'null'),
  'barrier.look': method('who has arrived', { name }, {}, '`{"parties", "arrived": [INSTANCE], "broken", "waiting"}`'),
  'condition.wait': method('gives the held lock up until it is notified', { name }, { timeout_ms: timeout }, 'true; also after `timed_out` the lock is held again'),
  'condition.notify': method(
    'wakes those who wait, with the lock held',
    { name },
    { count: { oneOf: [{ type: 'integer', minimum: 1 }, { const: 'all' }], description: 'how many: 1, n or `all`' } },
    'null',
  ),
  'condition.look': method('which lock it belongs to', { name }, {}, '`{"lock", "waiting"}`'),
  'queue.put': method(
    'puts an item, or several in order',
    { name },
    {
      item,
      items,
      priority: { type: 'number', description: 'lower ones first, in a priority queue' },
      batch: { type: 'integer', minimum: 1, description: 'which batch of the spool these are' },
      grant: { type: 'integer', minimum: 0, description: 'the last grant of credit, used up; 0 before the first' },
      timeout_ms: timeout,
    },
    '`{"put": N}`: fewer than given where the time was over after some; with `grant`, perhaps `credit` and the next `grant`',
  ),
  'queue.spool': method(
    'makes the file in which a connection collects what it puts',
    { name },
    {},
    '`{"path"}`: a header of 8 bytes, of a bounded queue 40, and the items',
  ),
  'queue.spooled': method('takes in what is new in the file of this connection for a bounded queue', { name }, {}, 'null'),
  'queue.get': method(
    'takes an item, and others that are there',
    { name },
    { max: { type: 'integer', minimum: 1, description: 'so many at most' }, taken, timeout_ms: timeout },
    '`{"items": [...]}`: at least one; with `taken`, the first is the caller\'s and the others are on loan',
  ),
  'queue.give_back': method(
    'gives the last items of a loan back, in answer to a `queue.recall`',
    { name, taken, last: { type: 'integer', minimum: 0, description: 'so many of the last items go back' } },
    {},
    'null',
  ),
  'queue.tally': method('makes the file in which a process counts what it takes of its loans', { name }, {}, '`{"path", "capacity"}`: a file of 24 bytes, and the bound of the queue'),
  'queue.look': method('how full it is', { name }, {}, '`{"size", "in_hand", "unfinished", "capacity", "ended", "waiting"}`'),
  'queue.close': method('this instance puts no more', { name }, {}, 'null'),
  'queue.task_done': method('the oldest item in hand is done', { name }, {}, 'null'),
  'queue.join': method('waits until every item that was put is done', { name }, { timeout_ms: timeout }, 'true'),
  'pipe.send': method(
    'sends a message to the other end',
    { name, item },
    { timeout_ms: timeout, direct: { type: 'boolean', description: 'the next ones could go without asking' } },
    'null; with `direct`, perhaps `{"path", "bell"}`: the file into which the caller sends what comes next, and the named pipe by which it wakes the receiver',
  ),
  'pipe.recv': method(
    'takes the next message',
    { name },
    { timeout_ms: timeout, ahead: { type: 'boolean', description: 'after `pipe.ahead`: what comes next is sent as `pipe.message` before it is asked for' } },
    'the message',
  ),
  'pipe.ahead': method('makes the file in which a thread counts what it takes of the messages that come ahead', { name }, {}, '`{"path", "most"}`: a file of 24 bytes, and how many may come before it is asked again'),
  'pipe.poll': method('waits until `pipe.recv` would not: for a message or the end of stream, without taking it', { name }, { timeout_ms: timeout }, 'true; false where the time was over first'),
  'pipe.look': method('how many messages have come', { name }, {}, '`{"inbound", "capacity", "ended", "waiting"}`: `ended` where the other end is closed'),
  'pipe.watch': method('the same, and this connection is told by a `pipe.ended` when the other end closes', { name }, {}, 'as `pipe.look`'),
  'pipe.close': method("closes the caller's end", { name }, {}, 'null'),
  'value.get': method('the value', { name }, {}, 'the value'),
  'value.set': method('sets the value', { name, item }, {}, 'null'),
  'value.add': method('adds to a number', { name }, { by: { type: 'number', description: '1 where it is not there' } }, 'the new value'),
  'value.compare_and_set': method('sets the value where it is the expected one', { name, expected: item, item }, {}, 'whether it was set'),
  'pool.submit': method('adds a task, or several', { name }, { item, items }, '`{"tasks": [index]}`'),
  'pool.result': method('waits for the fate of a submitted task', { name, task: { type: 'integer', minimum: 0 } }, { timeout_ms: timeout }, '`{"fate", "value", "why"}`'),
  'pool.close': method('this instance submits no more', { name }, {}, 'null'),
  ...endMethods('pool', 'null'),
  'process.list': method('every instance of the run', {}, {}, '`[{"name", "process", "kind", "state", "pid", "exitcode", "is_alive"}]`'),
  'process.start': method('starts a process or pool that is not alive', { name }, {}, 'null'),
  'process.restart': method('a new attempt of what runs; starts what has ended', { name }, {}, 'null'),
  'process.signal': method('sends a signal to what runs', { name, signal: { type: 'string', description: 'such as `SIGHUP`' } }, {}, 'null'),
  'process.await': method(
    'waits for a moment of a process or pool',
    { name, moment: { enum: ['start', 'ready', 'success', 'failure', 'exit'] } },
    { timeout_ms: timeout },
    'true',
  ),
  ...endMethods('process', '`{"exitcodes": {INSTANCE: code}}`'),
  'run.look': method(
    'the whole run as it stands; of the process or pool of that name it is also looked at whether its commands wait at their standard streams',
    {},
    { name },
    '`{"name", "phase", "uptime_ms", "processes", "pools"}`, each with how long it has been in its state and what it waits for, and `behind` whom where it stands in a line that is `fair`',
  ),
  'run.things': method(
    'every lock, semaphore, event, condition, barrier, queue, pipe and value as it stands, or the one of that name',
    {},
    { name },
    '`[{"name", "kind", "waiters": [{"process", "holder", "for"}], "could": {VERB: [INSTANCE]}, …}]` with its state; waiters in order of arrival, `could` says who can still wake them',
  ),
  'run.ready': method('the program is ready, for `readiness_probe: {notify: true}`', {}, {}, 'null'),
  'run.shutdown': method('ends the run', {}, { code: { type: 'integer', minimum: 0, maximum: 255, description: '0 where it is not there' } }, 'null'),
};
