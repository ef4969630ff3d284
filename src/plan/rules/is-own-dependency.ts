import type { Dependency, InstancePlan, PoolPlan } from '../plan.ts';

/** Whether something waits for itself; replicas that wait for their own process do. */
export function isOwnDependency(work: InstancePlan | PoolPlan, dependency: Dependency): boolean {
  return dependency.name === work.name || ('process' in work && dependency.name === work.process);
}
