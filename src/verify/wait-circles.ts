import { Dependences } from './dependences.ts';
import type { GrowingSet } from './growing-set.ts';
import type { ModelSystem } from './model-system.ts';
import type { Successor } from './transition-system.ts';

/** Actors each of whom waits for nothing but others of them. */
export type Circle = readonly number[];

/**
 * Finds those who wait for ever by what is seen in one state: whoever can let one of them go on is one of them, and none of them can go on.
 * What the others do makes no difference to that. It is asked as in a search with stubborn sets, only that nobody who can go on may come in.
 */
export class WaitCircles {
  readonly #system: ModelSystem;
  readonly #dependences: Dependences;
  /** Those who have to end, or to be able to go on. */
  readonly #needed: ReturnType<ModelSystem['over']>;
  /** Of each actor, 1 where it can go on in the state that is being looked at. */
  readonly #moves: Uint8Array;
  /** Of each actor, 1 where it waits there for ever, as far as that is known by now: at first all who cannot go on. */
  readonly #stays: Uint8Array;
  readonly #actorOf: Int32Array;
  #isInTurn = false;

  constructor(system: ModelSystem) {
    this.#system = system;
    this.#dependences = new Dependences(system);
    this.#needed = system.over();
    this.#moves = new Uint8Array(system.graphs.length);
    this.#stays = new Uint8Array(system.graphs.length);
    this.#actorOf = Int32Array.from({ length: system.transitions }, (_, transition) => system.layout.actorNamed(system.transitionAt(transition).actor));
  }

  /** All circles that those who have to end are in or wait for, those with something in common taken for one; each has its members in order. */
  find(state: Int32Array): readonly Circle[] {
    const found = this.#staying(state).map((actor) => this.#circleOf(actor, state));
    return apart(leastOf(found)).map((circle) => [...circle].toSorted((left, right) => left - right));
  }

  /** Whether there is any circle, or one that is wanted. */
  isIn(state: Int32Array, isWanted?: (circle: Circle) => boolean): boolean {
    return this.#staying(state).length > 0 && (isWanted === undefined || this.find(state).some(isWanted));
  }

  /** Those who have to end and wait, by whatever others, for some who are in a circle. */
  behind(state: Int32Array, circle: ReadonlySet<number>): readonly number[] {
    return this.#staying(state).filter((actor) => !circle.has(actor) && [...this.#circleOf(actor, state)].some((member) => circle.has(member)));
  }

  /** Whether these, wherever they are, wait for ever. */
  areStuck(state: Int32Array, circle: Iterable<number>): boolean {
    if (this.#system.isFinal(state) || !this.#look(state)) return false;
    this.#findStaying(state);
    return [...circle].every((actor) => this.#stays[actor] === 1);
  }

  /** Those who have to end and wait for ever. */
  #staying(state: Int32Array): readonly number[] {
    if (this.#system.isFinal(state) || !this.#look(state)) return [];
    const waiting = this.#needed.flatMap(({ actor, isOver }) => (isOver[state[this.#system.layout.actorField(actor)] ?? 0] === 1 || this.#moves[actor] === 1 ? [] : [actor]));
    if (waiting.length === 0) return [];
    this.#findStaying(state);
    return waiting.filter((actor) => this.#stays[actor] === 1);
  }

  /** Takes out whoever may be let go on by one who was taken out, or can go on, until there is no such one. */
  #findStaying(state: Int32Array): void {
    for (const [actor, moves] of this.#moves.entries()) this.#stays[actor] = 1 - moves;
    let isAlone = true;
    const asked: GrowingSet = {
      state,
      isMember: () => false,
      prefers: (actor) => this.#stays[actor] === 1,
      add: (actor) => {
        if (this.#stays[actor] !== 1) isAlone = false;
      },
    };
    for (let isDone = false; !isDone; ) {
      isDone = true;
      isAlone = true;
      // Whoever may start, end or wake others is asked by none of these.
      this.#dependences.addFollowersOfAny(asked);
      if (!isAlone) this.#stays.fill(0);
      for (const [actor, stays] of this.#stays.entries()) {
        if (stays !== 1) continue;
        isAlone = true;
        this.#addWhoMoves(actor, asked);
        if (isAlone) continue;
        this.#stays[actor] = 0;
        isDone = false;
      }
    }
  }

  #addWhoMoves(actor: number, asked: GrowingSet): void {
    const location = asked.state[this.#system.layout.actorField(actor)] ?? 0;
    this.#dependences.addMoversOf(actor, location, asked);
    for (const choice of this.#system.graphs[actor]?.locations[location]?.choices ?? []) this.#dependences.addEnablers(actor, choice, asked);
  }

  /** All on whom it is up whether one who waits for ever goes on, and who are not at their end. */
  #circleOf(seed: number, state: Int32Array): ReadonlySet<number> {
    const members = new Set([seed]);
    const asked: GrowingSet = {
      state,
      isMember: (actor) => members.has(actor),
      prefers: (actor) => this.#stays[actor] === 1,
      add: (actor) => {
        members.add(actor);
      },
    };
    this.#dependences.addFollowersOfAny(asked);
    for (const actor of members) this.#addWhoMoves(actor, asked);
    return new Set([...members].filter((member) => this.#lives(member, state)));
  }

  /** Whoever has ended, or was never started, is in nobody's way. */
  #lives(actor: number, state: Int32Array): boolean {
    const graph = this.#system.graphs[actor];
    const at = state[this.#system.layout.actorField(actor)] ?? 0;
    return graph !== undefined && at >= graph.started && graph.locations[at]?.outcome === null;
  }

  /** False where it is somebody's turn in a line, before which nobody else has one. */
  #look(state: Int32Array): boolean {
    this.#moves.fill(0);
    this.#isInTurn = false;
    this.#system.expand(state, this.#probe(state));
    return !this.#isInTurn;
  }

  #probe(state: Int32Array): Successor {
    return {
      get: (field) => state[field] ?? 0,
      set: () => undefined,
      reach: (transition) => {
        this.#moves[this.#actorOf[transition] ?? 0] = 1;
        if (this.#system.transitionAt(transition).choice.act.do === 'served') this.#isInTurn = true;
      },
    };
  }
}

/** Those in which no other one is. */
function leastOf(circles: readonly ReadonlySet<number>[]): readonly ReadonlySet<number>[] {
  return circles.filter((circle) => !circles.some((other) => other !== circle && other.size < circle.size && isIn(other, circle)));
}

function isIn(inner: ReadonlySet<number>, outer: ReadonlySet<number>): boolean {
  return [...inner].every((actor) => outer.has(actor));
}

/** What has something in common is put together. */
function apart(circles: readonly ReadonlySet<number>[]): readonly ReadonlySet<number>[] {
  let found: readonly ReadonlySet<number>[] = [];
  for (const circle of circles) {
    const common = found.filter((other) => [...other].some((actor) => circle.has(actor)));
    const joined = new Set([...common, circle].flatMap((one) => [...one]));
    found = [...found.filter((other) => !common.includes(other)), joined];
  }
  return found;
}
