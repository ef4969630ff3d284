import type { ModelSystem } from './model-system.ts';
import { StubbornSets } from './stubborn-sets.ts';
import type { Successor, TransitionSystem } from './transition-system.ts';

/**
 * A model with fewer states to look at: those that differ only in who of several alike is where are one, and where enough is asked for
 * only some actors are followed, who are up to none of the others.
 */
export class ReducedSystem implements TransitionSystem {
  readonly model: ModelSystem;
  readonly fieldSizes: readonly number[];
  readonly initial: readonly number[];
  readonly endless: number;
  /** Groups of actors that may change places: the field of each, and that of its place in a line. */
  readonly #alike: readonly (readonly { readonly field: number; readonly turn: number | null }[])[];
  readonly #stubborn: StubbornSets;

  /** @param alike groups of actors */
  constructor(model: ModelSystem, alike: readonly (readonly number[])[]) {
    this.model = model;
    this.fieldSizes = model.fieldSizes;
    this.initial = model.initial;
    this.endless = model.endless;
    this.#alike = alike.map((group) => group.map((actor) => ({ field: model.layout.actorField(actor), turn: model.layout.turnField(actor) })));
    this.#stubborn = new StubbornSets(model, alike);
  }

  expand(state: Int32Array, successor: Successor, extent: 'all' | 'enough'): boolean {
    const actors = extent === 'all' ? null : this.#stubborn.find(state);
    if (actors === null) return this.model.expand(state, successor);
    this.model.expandSome(state, successor, actors);
    return false;
  }

  /** By insertion: what was sorted before has changed in a few fields only. */
  normalize(state: Pick<Successor, 'get' | 'set'>): void {
    for (const group of this.#alike) {
      for (let index = 1; index < group.length; index += 1) {
        const here = group[index];
        if (here === undefined) continue;
        const value = state.get(here.field);
        const turn = here.turn === null ? 0 : state.get(here.turn);
        let place = index;
        for (; place > 0; place -= 1) {
          const before = group[place - 1];
          if (before === undefined) break;
          const valueBefore = state.get(before.field);
          if (valueBefore < value || (valueBefore === value && (before.turn === null || state.get(before.turn) <= turn))) break;
          put(state, group[place], valueBefore, before.turn === null ? 0 : state.get(before.turn));
        }
        if (place < index) put(state, group[place], value, turn);
      }
    }
  }

  isFinal(state: Int32Array): boolean {
    return this.model.isFinal(state);
  }

  isGoal(state: Int32Array): boolean {
    return this.model.isGoal(state);
  }

  endlessOf(transition: number): number {
    return this.model.endlessOf(transition);
  }

  isResting(endless: number, state: Int32Array): boolean {
    return this.model.isResting(endless, state);
  }

  describe(transition: number): string {
    return this.model.describe(transition);
  }
}

function put(state: Pick<Successor, 'set'>, at: { readonly field: number; readonly turn: number | null } | undefined, value: number, turn: number): void {
  if (at === undefined) return;
  state.set(at.field, value);
  if (at.turn !== null) state.set(at.turn, turn);
}
