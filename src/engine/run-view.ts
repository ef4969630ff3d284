import type { Json } from '../base/json.ts';
import { callWaits } from './call-wait-reasons.ts';
import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import { knownTotal } from './pool-tasks.ts';
import { commandsOf } from './program-waits.ts';
import { slotViews } from './slot-view.ts';
import { stopView } from './stop-view.ts';
import { seenStreamWaits } from './stream-waits.ts';
import { processView } from './unit-list.ts';
import type { PoolState, Unit } from './unit-state.ts';
import { namedWaits } from './unit-waits.ts';
import { waitViews } from './wait-view.ts';

/** The whole run as `mpctl ps` and `mpctl why` tell it; of those of a name also what their commands sleep in, which is looked at now. */
export function runState(context: Context, index: ActorIndex, name: string | null): Json {
  const isNamed = (unit: Unit): boolean => unit.name === name || (unit.type === 'instance' && unit.plan.process === name);
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
      waits: waitsOf(context, index, state, isNamed(state)),
    })),
    pools: [...context.pools.values()].map((pool) => ({
      ...poolState(context, pool),
      for_ms: Math.round(context.nowMs - pool.sinceMs),
      waits: waitsOf(context, index, pool, isNamed(pool)),
      slots: slotViews({ context, index, looksAt: isNamed(pool) }, pool),
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

function waitsOf(context: Context, index: ActorIndex, unit: Unit, looksAt: boolean): readonly Json[] {
  const slots = unit.type === 'pool' ? Array.from({ length: unit.plan.workers }, (_, slot) => `${unit.name}-${slot + 1}`) : [unit.name];
  const calls = slots.flatMap((instance) => callWaits(context, index, instance));
  const streams = looksAt ? commandsOf(context, unit).flatMap((key) => seenStreamWaits(context, index, key)) : [];
  const views = waitViews(context, unit.name, [...namedWaits(context, index, unit), ...calls, ...streams]);
  // The slots of a pool may wait for one and the same.
  return [...new Map(views.map((view) => [JSON.stringify(view), view])).values()];
}
