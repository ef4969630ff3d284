import type { WorkPlan } from './plan.ts';

/** Whether what a program reads or writes are the items of a queue, for which it waits. */
export function hasQueueStream({ stdin, stdout, stderr }: Pick<WorkPlan, 'stdin' | 'stdout' | 'stderr'>): boolean {
  return [stdin, stdout, stderr].some(({ type }) => type === 'queue');
}
