import type { InstancePlan } from './plan.ts';

/** It does not end by itself: `restart: always`, without a number of restarts after which it is given up. */
export function isDeclaredEndless({ restart, maxRestarts }: InstancePlan): boolean {
  return restart === 'always' && maxRestarts.withinMs !== null;
}
