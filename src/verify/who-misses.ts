import { waysToGet } from './misses.ts';
import type { ModelSystem } from './model-system.ts';
import { poolOf } from './next-task.ts';
import { couldDo, refusals } from './refused-in-time.ts';
import type { Way } from './shortest-way.ts';

/**
 * The processes and pools of which a step on the way only tries to have something, and misses it though it could have it there; or whose time
 * is over with a wait that a run refuses at once there.
 */
export function whoMisses(system: ModelSystem, { transitions, states }: Way): readonly string[] {
  return transitions.flatMap((transition, index) => {
    const { actor, from, choice } = system.transitionAt(transition);
    const graph = system.graphs[system.layout.actorNamed(actor)];
    const location = graph?.locations[from];
    const state = states[index];
    if (choice.act.do !== 'time_out' || graph === undefined || location === undefined || state === undefined) return [];
    const others = [...(choice.act.mayMiss === true ? waysToGet(location) : []), ...refusals(location, choice)];
    return couldDo(system, state, others) ? [graph.ofPool === 'slot' ? poolOf(actor) : actor] : [];
  });
}
