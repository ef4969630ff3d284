import type { ModelSystem } from './model-system.ts';
import { poolOf } from './next-task.ts';
import type { Way } from './shortest-way.ts';
import { waysToGet } from './misses.ts';

/** The processes and pools of which a step on the way only tries to have something, and misses it though it could have it there. */
export function whoMisses(system: ModelSystem, { transitions, states }: Way): readonly string[] {
  return transitions.flatMap((transition, index) => {
    const { actor, from, choice } = system.transitionAt(transition);
    const graph = system.graphs[system.layout.actorNamed(actor)];
    const location = graph?.locations[from];
    const state = states[index];
    const mayMiss = choice.act.do === 'time_out' && choice.act.mayMiss === true;
    if (!mayMiss || graph === undefined || location === undefined || state === undefined) return [];
    const gets = new Set(waysToGet(location));
    let couldHave = false;
    system.expand(state, {
      get: (field) => state[field] ?? 0,
      set: () => undefined,
      reach: (reached) => {
        couldHave ||= gets.has(system.transitionAt(reached).choice);
      },
    });
    return couldHave ? [graph.ofPool === 'slot' ? poolOf(actor) : actor] : [];
  });
}
