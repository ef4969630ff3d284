import type { InstancePlan } from '../../plan/plan.ts';

/** Whether something else may have to come before an instance begins. */
export function beginsLate({ autostart, dependsOn, waitFor, holds }: InstancePlan): boolean {
  return !autostart || dependsOn.length + waitFor.length + holds.length > 0;
}
