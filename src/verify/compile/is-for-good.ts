import type { PoolPlan } from '../../plan/plan.ts';

/** Whether a task that fails in the model has failed for good: of steps further attempts are left out. */
export function isForGood({ body, retry }: PoolPlan): boolean {
  return retry.attempts === 1 || body.type !== 'steps';
}
