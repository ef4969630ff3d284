import type { Plan, PoolPlan } from './plan.ts';

/**
 * Why the tasks of a pool cannot be told by their numbers in another run, in a clause; null where they can:
 * they come from one source, which has them in the same order each time.
 */
export function whyUnmatched(plan: Plan, pool: PoolPlan): string | null {
  const { tasks } = pool;
  if (tasks.type === 'queue') return `come from the queue \`${tasks.queue}\``;
  const isSubmittedTo = plan.actors.some(({ action, name }) => action === 'submit' && name === pool.name);
  return isSubmittedTo || tasks.type === 'none' ? 'come by `submit`' : null;
}

/** The pools whose tasks can be told by their numbers in another run. */
export function matchedPools(plan: Plan): readonly string[] {
  return plan.pools.filter((pool) => whyUnmatched(plan, pool) === null).map(({ name }) => name);
}
