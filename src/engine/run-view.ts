import type { Json } from '../base/json.ts';
import type { Call } from '../protocol/call.ts';
import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import { knownTotal } from './pool-tasks.ts';
import type { PendingRequest } from './request-purpose.ts';
import type { WaitReason } from './run-event.ts';
import { stopView } from './stop-view.ts';
import { processView } from './unit-list.ts';
import type { PoolState, Unit } from './unit-state.ts';
import { namedWaits, providersOf } from './unit-waits.ts';

/** The whole run as `mpctl ps` and `mpctl why` tell it. */
export function runState(context: Context, index: ActorIndex): Json {
  return {
    name: context.plan.name,
    phase: context.run.phase,
    uptime_ms: Math.round(context.nowMs),
    processes: [...context.instances.values()].map((state) => ({
      ...processView(context, state),
      attempt: state.attempt,
      autostart: state.plan.autostart,
      stopping: stopView(context, state),
      waits: waitsOf(context, index, state),
    })),
    pools: [...context.pools.values()].map((pool) => ({ ...poolState(context, pool), waits: waitsOf(context, index, pool) })),
  };
}

function poolState(context: Context, pool: PoolState): Readonly<Record<string, Json>> {
  const { name, plan, succeeded, failed, cancelled, running, taskCount } = pool;
  const stopping = stopView(context, pool);
  const state = stopping === null ? standingOf(pool) : 'stopping';
  return { name, state, workers: plan.workers, running, tasks: knownTotal(pool) ?? taskCount, succeeded, failed, cancelled, stopping };
}

/** How it ended, or where it stands: `waiting` for whatever comes before its start. */
function standingOf({ end, phase }: PoolState): string {
  if (end !== null) return end.state;
  return phase === 'running' || phase === 'idle' ? phase : 'waiting';
}

function waitsOf(context: Context, index: ActorIndex, unit: Unit): readonly Json[] {
  const slots = unit.type === 'pool' ? Array.from({ length: unit.plan.workers }, (_, slot) => `${unit.name}-${slot + 1}`) : [unit.name];
  const calls = slots.flatMap((instance) => callWaits(context, index, instance));
  return [...namedWaits(context, index, unit), ...calls].map(({ kind, name, detail, by }) => ({ kind, name, detail, by }));
}

/** What the program of an instance waits for through the door. */
function callWaits(context: Context, index: ActorIndex, instance: string): readonly WaitReason[] {
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
