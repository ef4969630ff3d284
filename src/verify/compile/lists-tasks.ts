import type { PoolPlan } from '../../plan/plan.ts';

const listed: ReadonlySet<PoolPlan['tasks']['type']> = new Set(['none', 'items', 'matrix', 'range']);

/** Whether a pool has no tasks of its own but those that the spec lists, if any: all of them are there from the first on. */
export function listsTasks({ tasks }: PoolPlan): boolean {
  return listed.has(tasks.type);
}
