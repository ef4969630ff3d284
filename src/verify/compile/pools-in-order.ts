import type { Plan, PoolPlan } from '../../plan/plan.ts';
import { walkSteps } from '../../plan/walk-steps.ts';
import { listsTasks } from './lists-tasks.ts';

/**
 * Pools of which it matters which task comes first, since somebody waits for the result of one, and is known: those that long-lived
 * workers are given ahead, or that are read from somewhere else meanwhile, come in no order that the spec says.
 */
export function poolsInOrder({ actors, instances, pools }: Plan): ReadonlySet<string> {
  const steps = [...instances, ...pools].flatMap(({ body }) => (body.type === 'steps' ? [...walkSteps(body.steps)] : []));
  const awaited = new Set(steps.flatMap((step) => (step.verb === 'submit' && step.as !== null ? [step.pool] : [])));
  const unknown = new Set(actors.flatMap(({ action, by, name }) => ((action === 'submit' && by.type === 'uses') || action === 'start' ? [name] : [])));
  const isInOrder = (pool: PoolPlan): boolean => awaited.has(pool.name) && !unknown.has(pool.name) && pool.body.type !== 'worker' && listsTasks(pool);
  return new Set(pools.filter(isInOrder).map(({ name }) => name));
}
