import { didYouMean } from '../base/did-you-mean.ts';
import type { Json } from '../base/json.ts';
import { err, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Operation } from '../sync/operation.ts';
import { momentNames, type Call, type ThingKind } from './call.ts';
import type { CallError } from './error-kind.ts';
import { Params } from './params.ts';
import { ParamsError } from './params-error.ts';

type Read = (params: Params) => Call;

/** An operation on one thing; it waits only where its parameters may say for how long. */
function on(kind: ThingKind, read: (params: Params) => Operation, waits: 'waits' | 'at_once' = 'at_once'): Read {
  return (params) => {
    const operation = read(params);
    return { type: 'operation', kind, operation, timeoutMs: waits === 'waits' ? params.timeout() : 0 };
  };
}

const look = (kind: ThingKind): Read => (params) => ({ type: 'look', kind, name: params.name() });

const holdMethods = (kind: 'lock' | 'semaphore', release: (params: Params) => Operation): readonly (readonly [string, Read])[] => [
  [`${kind}.acquire`, on(kind, (params) => ({ verb: 'acquire', demands: params.demands() }), 'waits')],
  [`${kind}.release`, on(kind, release)],
  [`${kind}.look`, look(kind)],
];

function releaseOfLock(params: Params): Operation {
  const demands = params.demands();
  const token = params.wholeOrNull('token', 1);
  if (token === null) return { verb: 'release', demands };
  if (demands.length > 1) throw new ParamsError('`token` of `lock.release` goes with one hold');
  return { verb: 'release', demands, token };
}

function send(params: Params): Call {
  const [name, item, timeoutMs] = [params.name(), params.item(), params.timeout()];
  return params.flag('direct') ? { type: 'send_directly', name, item, timeoutMs } : { type: 'operation', kind: 'pipe', operation: { verb: 'send', name, item }, timeoutMs };
}

function receive(params: Params): Call {
  const name = params.name();
  const timeoutMs = params.timeout();
  return params.flag('ahead') ? { type: 'receive_ahead', name, timeoutMs } : { type: 'operation', kind: 'pipe', operation: { verb: 'receive', name }, timeoutMs };
}

const endMethods = (kind: 'process' | 'pool'): readonly (readonly [string, Read])[] => [
  [`${kind}.join`, (params) => ({ type: 'join', kind, name: params.name(), timeoutMs: params.timeout() })],
  [`${kind}.terminate`, (params) => ({ type: 'stop', kind, name: params.name(), kill: false })],
  [`${kind}.kill`, (params) => ({ type: 'stop', kind, name: params.name(), kill: true })],
];

/** Every method, and how its parameters are read. */
const methods: ReadonlyMap<string, Read> = new Map<string, Read>([
  ...holdMethods('lock', releaseOfLock),
  ['lock.delegate', (params) => ({ type: 'delegate', name: params.name() })],
  ['lock.handoff', (params) => ({ type: 'handoff', name: params.name() })],
  ['lock.claim', (params) => ({ type: 'claim', name: params.name() })],
  ['lock.leave', (params) => ({ type: 'leave', name: params.name() })],
  ...holdMethods('semaphore', (params) => ({ verb: 'release', demands: params.demands() })),
  ['event.set', on('event', (params) => ({ verb: 'set', name: params.name() }))],
  ['event.clear', on('event', (params) => ({ verb: 'clear', name: params.name() }))],
  ['event.wait', on('event', (params) => ({ verb: 'wait_event', name: params.name() }), 'waits')],
  ['event.look', look('event')],
  ['barrier.wait', on('barrier', (params) => ({ verb: 'wait_barrier', name: params.name() }), 'waits')],
  ['barrier.abort', on('barrier', (params) => ({ verb: 'abort_barrier', name: params.name() }))],
  ['barrier.reset', on('barrier', (params) => ({ verb: 'reset_barrier', name: params.name() }))],
  ['barrier.look', look('barrier')],
  ['condition.wait', on('condition', (params) => ({ verb: 'wait_condition', name: params.name() }), 'waits')],
  ['condition.notify', on('condition', (params) => ({ verb: 'notify', name: params.name(), count: params.countOrAll() }))],
  ['condition.look', look('condition')],
  [
    'queue.put',
    (params) => ({
      type: 'put_all',
      name: params.name(),
      items: params.items(),
      priority: params.number('priority', 0),
      batch: params.wholeOrNull('batch', 1),
      grant: params.wholeOrNull('grant', 0),
      timeoutMs: params.timeout(),
    }),
  ],
  [
    'queue.get',
    (params) => ({
      type: 'get_some',
      name: params.name(),
      max: params.whole('max', 1, 1),
      taken: params.wholeOrNull('taken', 0),
      timeoutMs: params.timeout(),
    }),
  ],
  [
    'queue.give_back',
    on('queue', (params) => ({
      verb: 'give_back',
      name: params.name(),
      taken: params.whole('taken', 0),
      count: params.whole('last', 0),
    })),
  ],
  ['queue.spool', (params) => ({ type: 'spool', name: params.name() })],
  ['queue.spooled', (params) => ({ type: 'spooled', name: params.name() })],
  ['queue.tally', (params) => ({ type: 'tally', name: params.name() })],
  ['queue.look', look('queue')],
  ['queue.close', (params) => ({ type: 'close', kind: 'queue', name: params.name() })],
  ['queue.task_done', on('queue', (params) => ({ verb: 'task_done', name: params.name() }))],
  ['queue.join', on('queue', (params) => ({ verb: 'join_queue', name: params.name() }), 'waits')],
  ['pipe.send', send],
  ['pipe.recv', receive],
  ['pipe.ahead', (params) => ({ type: 'ahead', name: params.name() })],
  ['pipe.poll', on('pipe', (params) => ({ verb: 'poll', name: params.name() }), 'waits')],
  ['pipe.look', look('pipe')],
  ['pipe.watch', (params) => ({ type: 'watch_pipe', name: params.name() })],
  ['pipe.close', on('pipe', (params) => ({ verb: 'close_pipe', name: params.name() }))],
  ['value.get', on('value', (params) => ({ verb: 'load', name: params.name() }))],
  ['value.set', on('value', (params) => ({ verb: 'store', name: params.name(), item: params.item() }))],
  ['value.add', on('value', (params) => ({ verb: 'add', name: params.name(), by: params.number('by', 1) }))],
  [
    'value.compare_and_set',
    on('value', (params) => ({
      verb: 'compare_and_set',
      name: params.name(),
      expected: params.item('expected'),
      item: params.item(),
    })),
  ],
  ['pool.submit', (params) => ({ type: 'submit', pool: params.name(), items: params.items() })],
  [
    'pool.result',
    (params) => ({ type: 'result', pool: params.name(), task: params.whole('task', 0), timeoutMs: params.timeout() }),
  ],
  ['pool.close', (params) => ({ type: 'close', kind: 'pool', name: params.name() })],
  ...endMethods('pool'),
  ['process.list', () => ({ type: 'list_processes' })],
  [
    'process.await',
    (params) => ({ type: 'await', name: params.name(), moment: params.oneOf('moment', momentNames), timeoutMs: params.timeout() }),
  ],
  ['process.restart', (params) => ({ type: 'restart', name: params.name() })],
  ['process.signal', (params) => ({ type: 'signal', name: params.name(), signal: params.signal() })],
  ['process.start', (params) => ({ type: 'start', name: params.name() })],
  ...endMethods('process'),
  ['run.look', (params) => ({ type: 'look_at_run', name: params.nameOrNull() })],
  ['run.things', (params) => ({ type: 'look_at_things', name: params.nameOrNull() })],
  ['run.ready', () => ({ type: 'ready' })],
  ['run.shutdown', (params) => ({ type: 'shutdown', code: params.exitCode('code', 0) })],
]);

/** The names of all methods. */
export const methodNames: readonly string[] = [...methods.keys()];

/** Whether there is a method of that name. */
export function isMethod(name: string): boolean {
  return methods.has(name);
}

/** Reads a method and its parameters as they came over the wire. */
export function parseCall(method: Json | undefined, params: Json | undefined): Result<Call, CallError> {
  const read = typeof method === 'string' ? methods.get(method) : undefined;
  if (read === undefined || typeof method !== 'string') {
    const shown = typeof method === 'string' ? method : JSON.stringify(method);
    const meant = typeof method === 'string' ? didYouMean(method, methodNames) : null;
    const hint = meant === null ? '' : `: did you mean \`${meant}\`?`;
    return err({ kind: 'unknown_method', message: `there is no method \`${shown}\`${hint}` });
  }
  try {
    const reader = new Params(method, params);
    const call = read(reader);
    reader.end();
    return ok(call);
  } catch (error) {
    if (!(error instanceof ParamsError)) throw error;
    return err({ kind: 'invalid_params', message: error.message });
  }
}
