import type { Json } from '../base/json.ts';
import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import { processView } from './unit-list.ts';
import type { PoolState, Unit } from './unit-state.ts';
import { namedWaits } from './unit-waits.ts';

/** The whole run as `mpctl ps` and `mpctl why` tell it. */
export function runState(context: Context, index: ActorIndex): Json {
  return {
    name: context.plan.name,
    phase: context.run.phase,
    uptime_ms: Math.round(context.nowMs),
    processes: [...context.instances.values()].map((state) => ({
      ...processView(state),
      attempt: state.attempt,
      waits: waitsOf(context, index, state),
    })),
    pools: [...context.pools.values()].map((pool) => ({ ...poolState(pool), waits: waitsOf(context, index, pool) })),
  };
}

function poolState(pool: PoolState): Readonly<Record<string, Json>> {
  const { name, plan, succeeded, failed, cancelled, running, taskCount } = pool;
  const state = pool.end?.state ?? (pool.phase === 'running' ? 'running' : 'waiting');
  return { name, state, workers: plan.workers, running, tasks: taskCount, succeeded, failed, cancelled };
}

function waitsOf(context: Context, index: ActorIndex, unit: Unit): readonly Json[] {
  const waits = namedWaits(context, index, unit);
  return [...waits.map(({ kind, name, detail, by }) => ({ kind, name, detail, by })), ...callWaits(context, unit.name)];
}

/** What its program waits for through the door. */
function callWaits(context: Context, instance: string): readonly Json[] {
  return context.calls.of(instance).flatMap(({ requestId }) => {
    const request = requestId === null ? undefined : context.requests.get(requestId);
    if (request === undefined) return [];
    const isHold = request.verb === 'acquire';
    return request.names.map((name) => ({
      kind: isHold ? 'hold' : request.verb,
      name,
      detail: isHold ? (context.primitive(name)?.kind ?? null) : null,
      by: isHold ? context.holdings.holdersOf(name) : [],
    }));
  });
}
