import { explore, type Exploration } from '../../src/verify/explore.ts';
import type { Model } from '../../src/verify/model.ts';
import { ModelSystem } from '../../src/verify/model-system.ts';
import { shortestWay } from '../../src/verify/shortest-way.ts';
import { sortFields } from './sorted-fields.ts';
import { firstActorField } from '../../src/verify/state-layout.ts';
import type { TransitionSystem } from '../../src/verify/transition-system.ts';

/** Explores every state, and finds out from where the goal can be reached. */
export function exploreAll(system: TransitionSystem): Exploration {
  return explore(system, { budget: { maxStates: 2_000_000, mayGoOn: () => true }, judgesEnd: true, stopsAtStuck: false });
}

/** Steps of a shortest way to a stuck state; null where there is none. */
export function stepsToStuck(exploration: Exploration): number | null {
  return exploration.firstStuck === null ? null : shortestWay(exploration, exploration.firstStuck).length;
}

/** Takes actors for one that differ only in the number behind their name. */
export function withoutReplicas(model: Model): TransitionSystem {
  const groups = new Map<string, number[]>();
  for (const [index, { name }] of model.actors.entries()) {
    const kind = name.replace(/-\d+$/, '');
    groups.set(kind, [...(groups.get(kind) ?? []), firstActorField + index]);
  }
  return sortFields(new ModelSystem(model), [...groups.values()]);
}
