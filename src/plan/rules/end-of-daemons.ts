import { hasOnlyDaemons } from '../has-only-daemons.ts';
import type { InstancePlan, Plan } from '../plan.ts';

/**
 * When the daemons of a run are ended with it at the earliest: `never` of one that has nothing else, `at_once` where the others may be over
 * before anything takes time, and `later` where a command runs first, unless the run fails.
 */
export type EndOfDaemons = 'never' | 'at_once' | 'later';

/** Of a run, as far as its plan says. */
export function endOfDaemons({ plan, isEndedByOthers }: { readonly plan: Plan; readonly isEndedByOthers: (instance: InstancePlan) => boolean }): EndOfDaemons {
  if (plan.instances.every(({ kind }) => kind !== 'daemon')) return 'later';
  if (hasOnlyDaemons(plan)) return 'never';
  return plan.instances.some((instance) => takesTime(instance) && !isEndedByOthers(instance)) ? 'later' : 'at_once';
}

/** Whether the command of a process runs in each run that does not fail, unless others end it before. Where an outcome of others does not come, it is skipped without a failure. */
function takesTime({ kind, autostart, allowFailure, body, dependsOn, waitFor }: InstancePlan): boolean {
  if (kind !== 'process' || !autostart || allowFailure || body.type !== 'command' || waitFor.length > 0) return false;
  return dependsOn.every(({ moment }) => moment !== 'success' && moment !== 'failure');
}
