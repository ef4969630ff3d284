/* What limits the commands of a run is a semaphore of the broker that no spec has a name for. */
import type { Plan } from '../plan/plan.ts';
import type { PrimitiveDefinition } from '../sync/definition.ts';
import { runSlots } from './engine-options.ts';
import { Jobservers } from './jobservers.ts';

/** The slots of `max_parallel`, where there are any. */
export function runSlotDefinitions({ maxParallel }: Plan): readonly PrimitiveDefinition[] {
  return maxParallel === null ? [] : [{ kind: 'semaphore', name: runSlots, permits: maxParallel, bounded: true, fair: false }];
}

/** The tokens of jobservers: to whoever looks at the run they are none of its things. */
export function jobserverDefinitions(plan: Plan, isUnderMake: boolean): readonly PrimitiveDefinition[] {
  return [...new Jobservers(plan, isUnderMake).all()].map(({ name, most }) => ({ kind: 'semaphore', name, permits: most, bounded: true, fair: false }));
}
