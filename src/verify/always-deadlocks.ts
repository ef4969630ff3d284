import type { Plan } from '../plan/plan.ts';
import { hasEveryRun } from './assumption.ts';
import { compilePlan } from './compile/compile-plan.ts';
import { type Budget, explore } from './explore.ts';
import { ModelSystem } from './model-system.ts';
import { withoutFailures } from './without-failures.ts';

/**
 * Whether a plan deadlocks in whatever order things happen, unless a command fails before. False also where that cannot be
 * told: within the budget, or since the plan does something that the model does not follow.
 */
export function alwaysDeadlocks(plan: Plan, budget: Budget): boolean {
  // What runs in `finally` comes after the end.
  const main: Plan = { ...plan, instances: plan.instances.filter(({ kind }) => kind !== 'finally') };
  // A daemon that is a program may end by itself, whatever it is taken for.
  const { model, assumptions } = compilePlan(main, { daemonsMayEnd: true });
  if (!hasEveryRun(assumptions)) return false;
  const { isComplete, firstTrapped, firstStuck } = explore(new ModelSystem(withoutFailures(model)), { budget, judgesEnd: true, stopsAtStuck: false, isReduced: false });
  // Whoever goes round for ever without being stuck is no deadlock.
  return isComplete && firstTrapped === 0 && firstStuck !== null;
}
