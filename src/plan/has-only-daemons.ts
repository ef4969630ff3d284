import type { Plan } from './plan.ts';

/** Whether a run lasts until it is stopped, and not until its processes and pools have ended. */
export function hasOnlyDaemons({ instances, pools }: Pick<Plan, 'instances' | 'pools'>): boolean {
  return pools.length === 0 && instances.every(({ kind }) => kind !== 'process') && instances.some(({ kind }) => kind === 'daemon');
}
