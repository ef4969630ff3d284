import { worldOf } from './actor-world.ts';
import { findAlike } from './alike-actors.ts';
import { replay } from './explain-trap.ts';
import { type Budget, explore } from './explore.ts';
import { ModelSystem } from './model-system.ts';
import { type BadState, byLength, type Deadlock, DeadlockTeller, withThoseBehind } from './nearest-deadlocks.ts';
import { type Part, partsApart } from './parts-apart.ts';
import { ReducedSystem } from './reduced-system.ts';

/**
 * All deadlocks that have nothing to do with each other, as far as they are found, each with a shortest way, as far as that is known; the
 * nearest is the first. Those who have no say in each other are looked at one after the other, which is less than all that they can come to together.
 */
export function nearestDeadlocks(bad: BadState, budget: Budget): readonly Deadlock[] {
  const system = bad.system.model;
  const parts = partsApart(system).filter((part) => system.over().some(({ actor }) => part.includes(actor)));
  if (parts.length < 2) return new DeadlockTeller(bad, budget).all();
  const known = new DeadlockTeller(bad, budget).atState();
  let told: readonly Deadlock[] = [];
  let areKnown = true;
  for (const [index, part] of parts.entries()) {
    areKnown &&= budget.mayGoOn(0);
    if (!areKnown && !budget.mayGoOn(0)) break;
    const { found, isKnown } = deadlocksOfPart(bad, part, parts.slice(0, index), told, budget);
    areKnown &&= isKnown;
    told = nearestOfSame([...told, ...found]);
  }
  const [first, ...more] = byLength([...told, ...without(known, told)]).map((one) => known.filter((other) => isSame(one, other)).reduce(withThoseBehind, one));
  // No part comes to it alone: it is looked for in the whole.
  if (first === undefined || !told.some((one) => isSame(one, first))) return new DeadlockTeller(bad, budget).all();
  return [{ ...first, isShortest: first.isShortest && areKnown }, ...more];
}

/** @param before the parts that were looked at, of which some may be in this one, and `told` what was found there */
function deadlocksOfPart(bad: BadState, part: Part, before: readonly Part[], told: readonly Deadlock[], budget: Budget): { readonly found: readonly Deadlock[]; readonly isKnown: boolean } {
  const within = before.filter((other) => other.every((actor) => part.includes(actor)));
  const inner = new Set(within.flat());
  const isTold = told.some(({ staying }) => [...staying].some((actor) => inner.has(actor)));
  const { asWhole, deadlocks, isComplete } = subsystem(bad, part, budget);
  if (deadlocks === null) return { found: [], isKnown: isComplete };
  const nearest = told[0];
  if (isTold && nearest !== undefined) {
    const top = new Set(part.flatMap((actor, own) => (inner.has(actor) ? [] : [own])));
    const { found, isKnown } = deadlocks.nearerThan(nearest.way.transitions.length, top);
    return { found: found.flatMap((one) => asWhole(one)), isKnown };
  }
  const found = deadlocks.all();
  return { found: found.flatMap((one) => asWhole(one)), isKnown: found[0]?.isShortest === true };
}

interface OfPart {
  /** null where it comes to none, as far as that was looked at. */
  readonly deadlocks: DeadlockTeller | null;
  readonly isComplete: boolean;
  /** A deadlock of the part as one of the whole. */
  readonly asWhole: (ofPart: Deadlock) => readonly Deadlock[];
}

/** A part of a system as one of its own. */
function subsystem({ model, system: { model: whole } }: BadState, part: Part, budget: Budget): OfPart {
  const names = new Set(part.map((actor) => whole.graphs[actor]?.name));
  const ofPart = { resources: model.resources, actors: model.actors.filter(({ name }) => names.has(name)) };
  const system = new ModelSystem(ofPart, worldOf(part.flatMap((actor) => whole.graphs[actor] ?? []), whole.resources), whole.isFine);
  const alike = findAlike(system.graphs, ofPart);
  const reduced = new ReducedSystem(system, alike);
  const found = explore(reduced, { budget, judgesEnd: true, stopsAtStuck: true, isReduced: true });
  const state = found.firstStuck ?? found.firstTrapped;
  const toWhole = (actor: number): number => part[actor] ?? -1;
  const asWhole = (deadlock: Deadlock): readonly Deadlock[] => {
    const way = replay(
      whole,
      deadlock.way.transitions.map((transition) => {
        const { actor, from } = system.transitionAt(transition);
        const own = system.layout.actorNamed(actor);
        return whole.firstTransition(toWhole(own), from) + transition - system.firstTransition(own, from);
      }),
    );
    if (way === null) return [];
    return [{ ...deadlock, system: whole, way, staying: new Set([...deadlock.staying].map(toWhole)), behind: new Set([...deadlock.behind].map(toWhole)) }];
  };
  return { deadlocks: state === null ? null : new DeadlockTeller({ model: ofPart, system: reduced, found, state, alike }, budget), isComplete: found.isComplete, asWhole };
}

/** The nearest first, and of those that are the same only that one. */
function nearestOfSame(deadlocks: readonly Deadlock[]): readonly Deadlock[] {
  const nearest: Deadlock[] = [];
  for (const one of byLength(deadlocks)) nearest.push(...without([one], nearest));
  return nearest;
}

function without(deadlocks: readonly Deadlock[], told: readonly Deadlock[]): readonly Deadlock[] {
  return deadlocks.filter((one) => !told.some((other) => isSame(one, other)));
}

/** The same of them wait, or one at the same step. */
function isSame(one: Deadlock, other: Deadlock): boolean {
  const places = new Set(placesOf(one));
  return placesOf(other).some((place) => places.has(place));
}

function placesOf({ system, way, staying }: Deadlock): readonly string[] {
  return [...staying].flatMap((actor) => {
    const location = system.graphs[actor]?.locations[way.end[system.layout.actorField(actor)] ?? 0];
    return location === undefined || location.outcome !== null ? [] : [String(actor), ...location.choices.map(({ place }) => JSON.stringify(place))];
  });
}
