import type { Json } from '../base/json.ts';
import { callWaits } from './call-wait-reasons.ts';
import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import { knownTotal } from './pool-tasks.ts';
import { slotViews } from './slot-view.ts';
import { stopView } from './stop-view.ts';
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
      ...processView(context, state),
      for_ms: Math.round(context.nowMs - state.sinceMs),
      attempt: state.attempt,
      autostart: state.plan.autostart,
      stopping: stopView(context, state),
      waits: waitsOf(context, index, state),
    })),
    pools: [...context.pools.values()].map((pool) => ({
      ...poolState(context, pool),
      for_ms: Math.round(context.nowMs - pool.sinceMs),
      waits: waitsOf(context, index, pool),
      slots: slotViews(context, index, pool),
    })),
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
