import { replay } from './explain-trap.ts';
import type { Act, Choice, Location } from './location.ts';
import type { ModelSystem } from './model-system.ts';
import type { Way } from './shortest-way.ts';
import { successorsOf } from './successors-of.ts';

/** Whether somebody may go on from a state of a way by one of these choices. */
export function couldDo(system: ModelSystem, state: Int32Array, some: readonly Choice[]): boolean {
  if (some.length === 0) return false;
  const choices = new Set(some);
  return successorsOf(system, state, (choice) => choices.has(choice)).length > 0;
}

/** By which a run refuses at once what somebody waits for, where that is something else than what he comes to here: that his time is over, or that he has it. */
export function refusals({ choices }: Location, { act: { do: verb, ...how }, target, ends }: Choice): readonly Choice[] {
  if ((verb !== 'time_out' && verb !== 'await') || ('cuts' in how && how.cuts)) return [];
  return choices.filter((other) => isRefusal(other.act) && (target !== other.target || ends !== other.ends));
}

/** By which a run refuses at once what somebody waits for, and is stopped for that. */
export function fatalRefusals({ choices }: Location, locations: readonly Location[]): readonly Choice[] {
  return choices.filter(({ act, stopsRun, wouldStopRun, target }) => isRefusal(act) && (stopsRun || wouldStopRun === true || locations[target]?.endsRun === true));
}

/** The state once all have started who may: a start has no turn in a run, nor does anything come before it that others could wait for. */
export function onceStarted(system: ModelSystem, state: Int32Array): Int32Array {
  const starts = new Set(system.graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => (choices.length === 1 ? choices.filter(({ act }) => act.do === 'reach') : []))));
  let current = state;
  for (let next: Int32Array | undefined = state; next !== undefined; ) {
    current = next;
    next = starts.size === 0 ? undefined : successorsOf(system, current, (choice) => starts.has(choice))[0];
  }
  return current;
}

/** What is waited for will never come. */
export function isRefusal({ do: verb }: Act): boolean {
  return verb === 'find_impossible' || verb === 'find_broken_barrier' || verb === 'find_unnotifiable' || verb === 'find_end' || verb === 'find_broken_queue';
}

/**
 * The same way, where the time of a wait is over as soon as somebody has come to it, if by the time it was he would have been refused at once: where
 * that leads to the same, it is a way that a run may go.
 */
export function lateBeforeRefused(system: ModelSystem, way: Way): Way {
  let changed = way;
  for (const [index, transition] of way.transitions.entries()) {
    const { actor, from, choice } = system.transitionAt(transition);
    if (choice.act.do !== 'time_out') continue;
    const location = system.graphs[system.layout.actorNamed(actor)]?.locations[from];
    const state = changed.states[index];
    if (location === undefined || state === undefined || !couldDo(system, state, refusals(location, choice))) continue;
    const before = changed.transitions.slice(0, index);
    const since = before.findLastIndex((one) => system.transitionAt(one).actor === actor) + 1;
    const sooner = replay(system, [...before.slice(0, since), transition, ...before.slice(since), ...changed.transitions.slice(index + 1)]);
    if (sooner !== null && isSame(sooner.end, changed.end)) changed = sooner;
  }
  return changed;
}

function isSame(left: Int32Array, right: Int32Array): boolean {
  return left.every((value, field) => value === right[field]);
}
