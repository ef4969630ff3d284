import type { Plan, PoolPlan } from './plan.ts';

/** The actors that take the tasks of a pool. */
export function slotsOf({ name, workers }: Pick<PoolPlan, 'name' | 'workers'>): readonly string[] {
  return Array.from({ length: workers }, (_, index) => `${name}-${String(index + 1)}`);
}

/**
 * The pool of each slot. A name alone does not say whose it is: an instance beside the pool `a` may be called `a-7`, and the slots of
 * another pool begin with its name where that is `a-b`.
 */
export function poolsBySlot({ pools }: Plan): ReadonlyMap<string, string> {
  return new Map(pools.flatMap((pool) => slotsOf(pool).map((slot) => [slot, pool.name] as const)));
}

/** How many slots all pools have together. */
export function countSlots({ pools }: Plan): number {
  return pools.reduce((sum, { workers }) => sum + workers, 0);
}
