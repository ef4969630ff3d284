import { findAlike } from '../../src/verify/alike-actors.ts';
import { explore, type Exploration } from '../../src/verify/explore.ts';
import type { Model } from '../../src/verify/model.ts';
import { ModelSystem } from '../../src/verify/model-system.ts';
import { ReducedSystem } from '../../src/verify/reduced-system.ts';
import { shortestWay } from '../../src/verify/shortest-way.ts';
import type { TransitionSystem } from '../../src/verify/transition-system.ts';

const budget = { maxStates: 2_000_000, mayGoOn: (): boolean => true };

/** Explores every state, and finds out from where the goal can be reached; with `maxStates` no more of them, so that it may not be complete. */
export function exploreAll(system: TransitionSystem, maxStates = budget.maxStates): Exploration {
  return explore(system, { budget: { ...budget, maxStates }, judgesEnd: true, findsNeeds: true, stopsAtStuck: false, isReduced: false });
}

/** Explores as many states as it takes. */
export function exploreEnough(system: TransitionSystem): Exploration {
  return explore(system, { budget, judgesEnd: true, findsNeeds: true, stopsAtStuck: false, isReduced: true });
}

/** Steps of a shortest way to a stuck state; null where there is none. */
export function stepsToStuck(exploration: Exploration): number | null {
  return exploration.firstStuck === null ? null : shortestWay(exploration, exploration.firstStuck).length;
}

/** Takes actors for one that nothing tells apart. */
export function withoutReplicas(model: Model): ReducedSystem {
  const system = new ModelSystem(model);
  return new ReducedSystem(system, findAlike(system.graphs, model));
}
