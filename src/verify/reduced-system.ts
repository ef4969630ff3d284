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
  /** Groups of fields that may change places. */
  readonly #alike: readonly (readonly number[])[];
  readonly #stubborn: StubbornSets;

  /** @param alike groups of actors */
  constructor(model: ModelSystem, alike: readonly (readonly number[])[]) {
    this.model = model;
    this.fieldSizes = model.fieldSizes;
    this.initial = model.initial;
    this.endless = model.endless;
    this.#alike = alike.map((group) => group.map((actor) => model.layout.actorField(actor)));
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
    for (const fields of this.#alike) {
      for (let index = 1; index < fields.length; index += 1) {
        const value = state.get(fields[index] ?? 0);
        let place = index;
        for (; place > 0; place -= 1) {
          const before = state.get(fields[place - 1] ?? 0);
          if (before <= value) break;
          state.set(fields[place] ?? 0, before);
        }
        if (place < index) state.set(fields[place] ?? 0, value);
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
