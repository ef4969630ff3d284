import { isTrapped, neededSteps, neverMoving, replay } from './explain-trap.ts';
import { type Budget, type Exploration, explore } from './explore.ts';
import type { Location } from './location.ts';
import type { Model } from './model.ts';
import type { ModelSystem } from './model-system.ts';
import type { ReducedSystem } from './reduced-system.ts';
import { goesRound } from './goes-round.ts';
import { type Way, wayTo } from './shortest-way.ts';
import { type Circle, WaitCircles } from './wait-circles.ts';
import { WatchedSystem } from './watched-system.ts';

/** A way to where some wait for ever, or to where nothing leads to the end of the run any more. */
export interface Deadlock {
  readonly system: ModelSystem;
  /** Each of its steps is needed for it, as far as that is known. */
  readonly way: Way;
  /** Who never moves there any more. */
  readonly staying: ReadonlySet<number>;
  /** Each of those waits only for others of them. */
  readonly isCircle: boolean;
  /** Who has no part in it, and may come to wait for those, which is as long. */
  readonly behind: ReadonlySet<number>;
  /** No way to where some wait only for each other is shorter, nor is one to where nothing leads to the end or to that. */
  readonly isShortest: boolean;
}

/** What was searched, and the bad state that was found. */
export interface BadState {
  readonly model: Model;
  readonly system: ReducedSystem;
  readonly found: Exploration;
  readonly state: number;
  /** Groups of actors that nothing tells apart. */
  readonly alike: readonly (readonly number[])[];
}

/** How much further is looked, as a part of what a search may look at: there is no end to it where somebody goes round. */
const shareOfStraight = 25;
const shareOfRound = 5;
/** Of more that have nothing to do with each other these are told. */
const mostTold = 5;

/** The deadlock of a bad state as it was found, without a look at whether there is a nearer one, or another. */
export function deadlocksAt(bad: BadState, budget: Budget): readonly Deadlock[] {
  return new DeadlockTeller(bad, budget).atState();
}

/** Tells of the deadlocks of a system of which one bad state is known. */
export class DeadlockTeller {
  readonly #bad: BadState;
  readonly #reduced: ReducedSystem;
  readonly #system: ModelSystem;
  readonly #circles: WaitCircles;
  readonly #budget: Budget;
  readonly #goesRound: boolean;
  /** Of each actor, one that stands for all who are like it. */
  readonly #kindOf: Int32Array;

  constructor(bad: BadState, budget: Budget) {
    this.#bad = bad;
    this.#reduced = bad.system;
    this.#system = bad.system.model;
    this.#circles = new WaitCircles(this.#system);
    this.#goesRound = goesRound(this.#system);
    this.#budget = { ...budget, maxStates: budget.maxStates / (this.#goesRound ? shareOfRound : shareOfStraight) };
    this.#kindOf = Int32Array.from(this.#system.graphs, (_, actor) => actor);
    for (const group of bad.alike) for (const actor of group) this.#kindOf[actor] = group[0] ?? actor;
  }

  atState(): readonly Deadlock[] {
    const way = wayTo(this.#bad.found, this.#bad.state);
    const there = this.#toCircles(way);
    return there === null ? [this.#withoutCircle(way)] : this.#circlesIn(there.end).map((circle) => this.#ofCircle(there, circle));
  }

  /** All that have nothing to do with each other, as far as they are found, each with a shortest way, as far as that is known; the nearest is the first. */
  all(): readonly Deadlock[] {
    const told = [...this.atState()];
    while (told.length < mostTold && told.every((one) => this.#isCircle(one))) {
      const way = wayOf(this.#search({ isReduced: true }, (state) => this.#strangerIn(state, told) !== null));
      const circle = way === null ? null : this.#strangerIn(way.end, told);
      if (way === null || circle === null) break;
      told.push(this.#ofCircle(way, circle));
    }
    const [first, ...others] = byLength(told);
    if (first === undefined) return [];
    const nearest = this.#nearest(first);
    const kinds = this.#kindsOf(nearest);
    return [nearest, ...others.filter((other) => ![...this.#kindsOf(other)].some((kind) => kinds.has(kind))).map((other) => this.#nearer(other))];
  }

  /** What is nearer than so many steps in which one of these has a part, or to where nothing leads to the end; and whether that is all. */
  nearerThan(length: number, some: ReadonlySet<number>): { readonly found: readonly Deadlock[]; readonly isKnown: boolean } {
    const trap = this.#nearestTrap();
    const { nearer, isKnown } = this.#circleBefore(length, (circle) => circle.some((actor) => some.has(actor)));
    const found = [nearer, trap.deadlock !== null && lengthOf(trap.deadlock) < length ? trap.deadlock : null];
    const isShortest = isKnown && trap.isKnown;
    return { found: found.flatMap((one) => (one === null ? [] : [{ ...one, isShortest }])), isKnown: isShortest };
  }

  /** Whatever comes of it: some circle on a shorter way, or a shorter way to where nothing leads to the end any more, nor to a circle. */
  #nearest(first: Deadlock): Deadlock {
    const trap = this.#nearestTrap();
    const known = trap.deadlock !== null && (lengthOf(trap.deadlock) < lengthOf(first) || !this.#isCircle(first)) ? trap.deadlock : first;
    const { nearer, isKnown } = this.#circleBefore(lengthOf(known), () => true);
    return { ...withThoseBehind(nearer ?? known, first), isShortest: trap.isKnown && isKnown };
  }

  /** By a way to where somebody of it is in a circle, which is no longer than any other, as far as that is found. */
  #nearer(deadlock: Deadlock): Deadlock {
    const kinds = this.#kindsOf(deadlock);
    const { nearer, isKnown } = this.#circleBefore(lengthOf(deadlock), (circle) => circle.some((actor) => kinds.has(this.#kindOf[actor] ?? actor)));
    return { ...withThoseBehind(nearer ?? deadlock, deadlock), isShortest: isKnown };
  }

  /** The nearest wanted circle on a way that is shorter than this, and whether it is known that none is nearer. */
  #circleBefore(length: number, isWanted: (circle: Circle) => boolean): { readonly nearer: Deadlock | null; readonly isKnown: boolean } {
    if (length === 0) return { nearer: null, isKnown: true };
    const found = this.#search({ isReduced: false, mostDepth: length - 1 }, (state) => this.#circles.isIn(state, isWanted));
    const way = wayOf(found);
    const circle = way === null ? undefined : this.#circlesIn(way.end).find(isWanted);
    if (way === null || circle === undefined) return { nearer: null, isKnown: found.isComplete || found.depth >= length - 1 };
    return { nearer: this.#ofCircle(way, circle), isKnown: true };
  }

  /** The nearest state from which nothing leads to the end, nor to a circle: there may be one only where somebody goes round. */
  #nearestTrap(): { readonly deadlock: Deadlock | null; readonly isKnown: boolean } {
    if (!this.#goesRound) return { deadlock: null, isKnown: true };
    const watched = new WatchedSystem(this.#reduced, { isWanted: (state) => this.#circles.isIn(state), countsAsEnd: true });
    const known = explore(watched, { budget: this.#budget, judgesEnd: true, stopsAtStuck: false, isReduced: true });
    if (known.firstTrapped === null) return { deadlock: null, isKnown: known.isComplete };
    const found = explore(watched, { budget: this.#budget, judgesEnd: true, stopsAtStuck: false, isReduced: false });
    if (!found.isComplete || found.firstTrapped === null) return { deadlock: null, isKnown: false };
    return { deadlock: this.#withoutCircle(wayTo(found, found.firstTrapped)), isKnown: true };
  }

  #search(how: { readonly isReduced: boolean; readonly mostDepth?: number; readonly from?: Int32Array }, isWanted: (state: Int32Array) => boolean): Exploration {
    const watched = new WatchedSystem(this.#reduced, { isWanted, ...(how.from === undefined ? {} : { from: [...how.from] }) });
    const { isReduced, mostDepth } = how;
    // Where somebody goes round, others may be left out for ever otherwise.
    return explore(watched, { budget: this.#budget, judgesEnd: isReduced && this.#goesRound, stopsAtStuck: true, isReduced, ...(mostDepth === undefined ? {} : { mostDepth }) });
  }

  /** From where nothing leads to the end any more to where the first come to wait for each other; null where none do. */
  #toCircles(way: Way): Way | null {
    if (this.#circles.isIn(way.end)) return way;
    const further = wayOf(this.#search({ isReduced: true, from: way.end }, (state) => this.#circles.isIn(state)));
    return further === null ? null : replay(this.#system, [...way.transitions, ...further.transitions]);
  }

  #ofCircle(way: Way, circle: Circle): Deadlock {
    const staying = new Set(circle);
    const needed = neededSteps(this.#system, way, staying, (state) => this.#circles.areStuck(state, circle));
    return { system: this.#system, way: replay(this.#system, needed) ?? way, staying, isCircle: true, behind: new Set(this.#circles.behind(way.end, staying)), isShortest: false };
  }

  #withoutCircle(way: Way): Deadlock {
    const system = this.#system;
    const staying = new Set(neverMoving(system, way.end, this.#budget));
    const needed = neededSteps(system, way, new Set([...staying].filter((actor) => this.#locationOf(actor, way.end)?.outcome === null)), () => true);
    const there = needed.length === way.transitions.length ? null : replay(system, needed);
    if (there === null || !isTrapped(system, there.end, this.#budget) || this.#toCircles(there) !== null) return { system, way, staying, isCircle: false, behind: new Set(), isShortest: false };
    return { system, way: there, staying: new Set(neverMoving(system, there.end, this.#budget)), isCircle: false, behind: new Set(), isShortest: false };
  }

  /** Nobody of it goes on by himself. */
  #isCircle({ way, staying }: Deadlock): boolean {
    return staying.size > 0 && this.#circles.areStuck(way.end, staying);
  }

  /** Those of several processes that are replicas of each other are taken for one. */
  #circlesIn(state: Int32Array): readonly Circle[] {
    const circles: { readonly members: readonly number[]; readonly places: ReadonlySet<string> }[] = [];
    for (const circle of this.#circles.find(state)) {
      const places = new Set(circle.flatMap((actor) => this.#placesOf(actor, state)));
      const same = circles.filter((other) => [...places].some((place) => other.places.has(place)));
      for (const other of same) circles.splice(circles.indexOf(other), 1);
      circles.push({ members: [...same.flatMap(({ members }) => members), ...circle], places: new Set([...same.flatMap((other) => [...other.places]), ...places]) });
    }
    return circles.map(({ members }) => members);
  }

  /** A circle that has nothing to do with these: neither are the same steps waited at, nor is the same thing held in it. */
  #strangerIn(state: Int32Array, told: readonly Deadlock[]): Circle | null {
    const partsOf = (actor: number, there: Int32Array): readonly string[] => [...this.#placesOf(actor, there), ...this.#heldBy(actor, there)];
    const known = new Set(told.flatMap(({ staying, way }) => [...staying].flatMap((actor) => partsOf(actor, way.end))));
    return this.#circlesIn(state).find((circle) => circle.every((actor) => partsOf(actor, state).every((part) => !known.has(part)))) ?? null;
  }

  #kindsOf({ staying, way }: Deadlock): ReadonlySet<number> {
    return new Set([...staying].flatMap((actor) => (this.#locationOf(actor, way.end)?.outcome === null ? [this.#kindOf[actor] ?? actor] : [])));
  }

  #placesOf(actor: number, state: Int32Array): readonly string[] {
    return (this.#locationOf(actor, state)?.choices ?? []).map(({ place }) => JSON.stringify(place));
  }

  #heldBy(actor: number, state: Int32Array): readonly string[] {
    return [...(this.#locationOf(actor, state)?.held.keys() ?? [])];
  }

  #locationOf(actor: number, state: Int32Array): Location | undefined {
    return this.#system.graphs[actor]?.locations[state[this.#system.layout.actorField(actor)] ?? 0];
  }
}

/** Whoever waited for the same is still known to, also where the way ends before he does. */
export function withThoseBehind(nearer: Deadlock, known: Deadlock): Deadlock {
  if (![...nearer.staying].some((actor) => known.staying.has(actor))) return nearer;
  return { ...nearer, behind: new Set([...nearer.behind, ...known.behind].filter((actor) => !nearer.staying.has(actor))) };
}

function wayOf(found: Exploration): Way | null {
  return found.firstStuck === null ? null : wayTo(found, found.firstStuck);
}

/** Those with the shortest ways first. */
export function byLength(deadlocks: readonly Deadlock[]): readonly Deadlock[] {
  return deadlocks.toSorted((left, right) => lengthOf(left) - lengthOf(right));
}

function lengthOf({ way }: Deadlock): number {
  return way.transitions.length;
}
