import { type Budget, type Exploration, explore } from './explore.ts';
import type { ModelSystem } from './model-system.ts';
import { PackedSuccessor } from './packed-successor.ts';
import { ReducedSystem } from './reduced-system.ts';
import { stateAt, type Way } from './shortest-way.ts';
import { StatePacking } from './state-packing.ts';

/** Enough of what may still follow is looked at to say who never goes on. */
const mostStates = 20_000;

/** A longer way is told as it is. */
const mostSteps = 500;

/** Actors that can never go on from a state, whatever the others do; those at their end and those not started are among them. null is not known. */
export function neverMoving(system: ModelSystem, state: Int32Array, { mayGoOn }: Budget): readonly number[] | null {
  const found = explore(new ReducedSystem(system, []), { budget: { maxStates: mostStates, mayGoOn }, judgesEnd: true, stopsAtStuck: false, isReduced: true, from: state });
  if (!found.isComplete) return null;
  return whoStays(system, state, found);
}

function whoStays(system: ModelSystem, state: Int32Array, found: Exploration): readonly number[] {
  const stays = new Set(system.graphs.keys());
  for (let number = 0; number < found.states; number += 1) {
    const other = stateAt(found, number);
    for (const actor of stays) {
      const field = system.layout.actorField(actor);
      if (other[field] !== state[field]) stays.delete(actor);
    }
  }
  return [...stays];
}

/**
 * The steps of a way without which some actors would not come to where they are at its end, or could still go on from there: what
 * others do is left out as a whole, or else from behind, as long as what is left can still be done.
 */
export function neededSteps(system: ModelSystem, transitions: readonly number[], end: Int32Array, stuck: ReadonlySet<string>): readonly number[] {
  if (transitions.length > mostSteps || stuck.size === 0) return transitions;
  const fields = system.graphs.flatMap(({ name }, actor) => (stuck.has(name) ? [system.layout.actorField(actor)] : []));
  const atTheEnd = whoCanMove(system, end);
  const leadsThere = (way: readonly number[]): boolean => {
    const reached = replay(system, way)?.end ?? null;
    if (reached === null || !fields.every((field) => reached[field] === end[field])) return false;
    // One that waits from the first on is there without a step; what he waits for is taken by others.
    return [...whoCanMove(system, reached)].every((actor) => atTheEnd.has(actor) || !stuck.has(actor));
  };
  const actorOf = (transition: number): string => system.transitionAt(transition).actor;
  let needed = transitions;
  for (const actor of new Set(transitions.map(actorOf))) {
    const without = needed.filter((transition) => actorOf(transition) !== actor);
    if (!stuck.has(actor) && leadsThere(without)) needed = without;
  }
  for (let index = needed.length - 1; index >= 0; index -= 1) {
    const transition = needed[index];
    if (transition === undefined || stuck.has(actorOf(transition))) continue;
    const without = needed.toSpliced(index, 1);
    if (leadsThere(without)) needed = without;
  }
  return needed;
}

/** Those who have something to do next. */
function whoCanMove(system: ModelSystem, state: Int32Array): ReadonlySet<string> {
  const packing = new StatePacking(system.fieldSizes);
  const able = new Set<string>();
  const successor = new PackedSuccessor(packing, (transition) => {
    able.add(system.transitionAt(transition).actor);
  });
  successor.begin(packing.pack([...state]), 0);
  system.expand(state, successor);
  return able;
}

/** Where transitions lead to, one after the other; null where one of them is not possible when its turn comes. */
export function replay(system: ModelSystem, transitions: readonly number[]): Way | null {
  const packing = new StatePacking(system.fieldSizes);
  const state = Int32Array.from(system.initial);
  let current = packing.pack(system.initial);
  const states: Int32Array[] = [];
  for (const wanted of transitions) {
    const reached: Int32Array[] = [];
    const successor = new PackedSuccessor(packing, (transition) => {
      if (transition === wanted) reached.push(successor.words.slice());
    });
    packing.unpack(current, 0, state);
    states.push(state.slice());
    successor.begin(current, 0);
    system.expand(state, successor);
    const [first] = reached;
    if (first === undefined) return null;
    current = first;
  }
  packing.unpack(current, 0, state);
  states.push(state.slice());
  return { transitions, states, end: state };
}
