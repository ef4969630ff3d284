import { type Budget, type Exploration, explore } from './explore.ts';
import type { Counts } from './location.ts';
import type { ModelSystem } from './model-system.ts';
import { PackedSuccessor } from './packed-successor.ts';
import { ReducedSystem } from './reduced-system.ts';
import { isOnlyRobbed } from './robbed-at.ts';
import { stateAt, type Way } from './shortest-way.ts';
import { StatePacking } from './state-packing.ts';

/** Enough of what may still follow is looked at to say who never goes on. */
const mostStates = 20_000;

/** A longer way is told as it is. */
const mostSteps = 500;

/** Actors that can never go on from a state, whatever the others do; those at their end and those not started are among them. null is not known. */
export function neverMoving(system: ModelSystem, state: Int32Array, budget: Budget): readonly number[] | null {
  const found = whatFollows(system, state, budget);
  if (!found.isComplete) return null;
  const staying = whoStays(system, state, found);
  const robbed = new Set(staying.filter((actor) => (system.graphs[actor]?.robbed.size ?? 0) > 0));
  if (robbed.size === 0) return staying;
  // It may have taken again what others have given back.
  const going = whoGoesOn(system, state, robbed, budget);
  return staying.filter((actor) => !going.has(actor));
}

/** Whether nothing leads from a state to the end of the run any more; false also where that is not found out. */
export function isTrapped(system: ModelSystem, state: Int32Array, budget: Budget): boolean {
  return whatFollows(system, state, budget).firstTrapped === 0;
}

function whatFollows(system: ModelSystem, from: Int32Array, { mayGoOn }: Budget): Exploration {
  return explore(new ReducedSystem(system, []), { budget: { maxStates: mostStates, mayGoOn }, judgesEnd: true, stopsAtStuck: false, isReduced: true, from });
}

function whoStays(system: ModelSystem, state: Int32Array, found: Exploration): readonly number[] {
  const stays = new Set(system.graphs.keys());
  for (let number = 0; number < found.states; number += 1) {
    const other = stateAt(found, number);
    for (const actor of stays) {
      const field = system.layout.actorField(actor);
      const graph = system.graphs[actor];
      if (other[field] !== state[field] && (graph === undefined || !isOnlyRobbed(graph, state[field] ?? 0, other[field] ?? 0))) stays.delete(actor);
    }
  }
  return [...stays];
}

/** Who of some goes on from a state, be it only in place: nobody else sees which round of a loop it is in. */
export function whoGoesOn(system: ModelSystem, state: Int32Array, some: ReadonlySet<number>, budget: Budget): ReadonlySet<number> {
  const found = whatFollows(system, state, budget);
  const going = new Set<number>();
  for (let number = 0; number < found.states && going.size < some.size; number += 1) {
    const other = stateAt(found, number);
    const reach = (transition: number): void => {
      const actor = system.layout.actorNamed(system.transitionAt(transition).actor);
      if (some.has(actor)) going.add(actor);
    };
    if (!system.isFinal(other)) system.expand(other, { get: (field) => other[field] ?? 0, set: () => undefined, reach });
  }
  return going;
}

/** What each of some actors holds in a state and never gives back; none where that is not found out. */
export function neverGivenBack(system: ModelSystem, state: Int32Array, actors: Iterable<number>, budget: Budget): ReadonlyMap<number, ReadonlySet<string>> {
  const kept = new Map([...actors].map((actor) => [actor, new Set(heldAt(system, state, actor).keys())]));
  const found = whatFollows(system, state, budget);
  if (!found.isComplete) return new Map();
  for (let number = 0; number < found.states; number += 1) {
    const other = stateAt(found, number);
    for (const [actor, names] of kept) {
      const held = heldAt(system, other, actor);
      for (const name of names) if (!held.has(name)) names.delete(name);
    }
  }
  return kept;
}

function heldAt(system: ModelSystem, state: Int32Array, actor: number): Counts {
  return system.graphs[actor]?.locations[state[system.layout.actorField(actor)] ?? 0]?.held ?? new Map();
}

/** So much of what may follow shows most of those who come to their end while others go on. */
const mostStatesToAnEnd = 2000;

/** Actors that are seen to come to their end from a state on, whatever becomes of the others. */
export function seenToEnd(system: ModelSystem, state: Int32Array): ReadonlySet<number> {
  const found = explore(system, { budget: { maxStates: mostStatesToAnEnd, mayGoOn: () => true }, judgesEnd: false, stopsAtStuck: false, isReduced: false, from: state });
  const ended = new Set<number>();
  for (let number = 0; number < found.states; number += 1) {
    const other = stateAt(found, number);
    for (const [actor, { locations }] of system.graphs.entries()) {
      if ((locations[other[system.layout.actorField(actor)] ?? 0]?.outcome ?? null) !== null) ended.add(actor);
    }
  }
  return ended;
}

/**
 * The steps of a way without which some actors would not come to where they are at its end, or could still go on from there: what
 * others do is left out as a whole, or else from behind, as long as what is left can still be done.
 *
 * @param areStuck whether these can never go on from a state in which they are where they are at the end
 */
export function neededSteps(system: ModelSystem, { transitions, end }: Way, stuck: ReadonlySet<number>, areStuck: (state: Int32Array) => boolean): readonly number[] {
  if (transitions.length > mostSteps || stuck.size === 0) return transitions;
  const fields = [...stuck].map((actor) => system.layout.actorField(actor));
  const leadsThere = (way: readonly number[]): boolean => {
    const reached = replay(system, way)?.end ?? null;
    return reached !== null && fields.every((field) => reached[field] === end[field]) && areStuck(reached);
  };
  const actorOf = (transition: number): number => system.layout.actorNamed(system.transitionAt(transition).actor);
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
