import type { Plan, PoolPlan } from '../plan/plan.ts';

/** The actors that take the tasks of a pool. */
export function slotsOf({ name, workers }: Pick<PoolPlan, 'name' | 'workers'>): readonly string[] {
  return Array.from({ length: workers }, (_, index) => `${name}-${String(index + 1)}`);
}

/** How many slots all pools have together. */
export function countSlots({ pools }: Plan): number {
  return pools.reduce((sum, { workers }) => sum + workers, 0);
}
