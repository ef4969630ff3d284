import type { Call } from '../protocol/call.ts';
import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import type { PendingRequest } from './request-purpose.ts';
import type { WaitReason } from './run-event.ts';
import { providersOf } from './unit-waits.ts';

/** What the program of an instance waits for through the door. */
export function callWaits(context: Context, index: ActorIndex, instance: string): readonly WaitReason[] {
  return context.calls.of(instance).flatMap(({ call, requestId }) => {
    const request = requestId === null ? undefined : context.requests.get(requestId);
    const waits = request === undefined ? watchedBy(call) : askedBy(context, request);
    return waits.map((wait) => ({ ...wait, by: providersOf(context, index, instance, wait) }));
  });
}

type PlainWait = Omit<WaitReason, 'by'>;

/** What a call waits for that the engine answers itself. */
function watchedBy(call: Call): readonly PlainWait[] {
  switch (call.type) {
    case 'join':
      return [{ kind: 'join', name: call.name, detail: null }];
    case 'await':
      return [{ kind: 'dependency', name: call.name, detail: call.moment }];
    case 'result':
      return [{ kind: 'result', name: call.pool, detail: null }];
    default:
      return [];
  }
}

/** What a request of the broker waits for. */
function askedBy(context: Context, { verb, names }: PendingRequest): readonly PlainWait[] {
  if (verb === 'acquire') return names.map((name) => ({ kind: 'hold', name, detail: context.primitive(name)?.kind ?? null }));
  const kinds = waitKinds.get(verb);
  return kinds === undefined ? [] : names.map((name) => ({ ...kinds, name }));
}

const waitKinds: ReadonlyMap<string, Omit<PlainWait, 'name'>> = new Map([
  ['wait_event', { kind: 'event', detail: null }],
  ['wait_condition', { kind: 'condition', detail: null }],
  ['wait_barrier', { kind: 'barrier', detail: null }],
  ['put', { kind: 'queue', detail: 'put' }],
  ['get', { kind: 'queue', detail: 'get' }],
  ['join_queue', { kind: 'queue', detail: 'join' }],
  ['send', { kind: 'pipe', detail: 'send' }],
  ['receive', { kind: 'pipe', detail: 'recv' }],
  ['poll', { kind: 'pipe', detail: 'recv' }],
]);
