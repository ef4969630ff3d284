import type { Plan } from '../../plan/plan.ts';
import { findAlike } from '../alike-actors.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import { type Budget, explore } from '../explore.ts';
import { ModelSystem } from '../model-system.ts';
import { ReducedSystem } from '../reduced-system.ts';
import { stateAt } from '../shortest-way.ts';
import { withoutFailures } from '../without-failures.ts';

/**
 * Whether a run in which every command succeeds may end with nothing failed. True also of one that has no end, and where that
 * is not found out within the budget.
 */
export function canSucceed(plan: Plan, budget: Budget): boolean {
  const model = withoutFailures(compilePlan({ ...plan, onFailure: 'continue' }).model);
  const system = new ModelSystem(model);
  const found = explore(new ReducedSystem(system, findAlike(system.graphs, model)), { budget, judgesEnd: false, stopsAtStuck: false, isReduced: true });
  if (!found.isComplete) return true;
  let hasEnd = false;
  for (let number = 0; number < found.states; number += 1) {
    const state = stateAt(found, number);
    if (!system.isFinal(state)) continue;
    hasEnd = true;
    const outcomes = system.graphs.map(({ locations }, actor) => locations[state[system.layout.actorField(actor)] ?? 0]?.outcome);
    if (outcomes.every((outcome) => outcome !== 'failed' && outcome !== 'skipped')) return true;
  }
  return !hasEnd;
}
