import type { PoolPlan } from '../plan/plan.ts';
import type { Demand } from '../sync/operation.ts';
import type { Context } from './context.ts';
import { withCommandLimits } from './release-holds.ts';
import type { WaitReason } from './run-event.ts';
import { holdReasons } from './hold-reasons.ts';
import { startsNothingNew } from './stop-order.ts';
import type { PoolState } from './unit-state.ts';

/** What one task holds: its own, and what limits commands where it is one. */
export function taskDemands(context: Context, plan: PoolPlan): readonly Demand[] {
  return plan.body.type === 'command' ? withCommandLimits(context, plan.holds, plan) : plan.holds;
}

/** Whether it starts tasks: not after a halt, nor once it or the run is being stopped. */
export function takesMore(context: Context, pool: PoolState): boolean {
  return pool.halted === null && pool.stopWhy === null && !startsNothingNew(context, 'process');
}

/** Notes what a pool that takes tasks waits for: what its next task is to hold, or the next task itself. */
export function showPoolWaits(context: Context, pool: PoolState): void {
  pool.waits = waitsOf(context, pool);
  context.touched.add(pool.name);
}

function waitsOf(context: Context, pool: PoolState): readonly WaitReason[] {
  if (pool.holding !== null) return holdReasons(context, taskDemands(context, pool.plan));
  const { tasks } = pool.plan;
  if (pool.getRequest === null || tasks.type !== 'queue') return [];
  return [{ kind: 'queue', name: tasks.queue, detail: 'get', by: [] }];
}
