import type { ReducedSystem } from './reduced-system.ts';
import type { Successor, TransitionSystem } from './transition-system.ts';

/** A system in which nothing follows any more from the states that are looked for: each of them is stuck, or an end that is as good as any. */
export class WatchedSystem implements TransitionSystem {
  readonly fieldSizes: readonly number[];
  readonly initial: readonly number[];
  readonly endless: number;
  readonly #system: ReducedSystem;
  readonly #isWanted: (state: Int32Array) => boolean;
  readonly #countsAsEnd: boolean;

  constructor(system: ReducedSystem, { isWanted, countsAsEnd = false, from = system.initial }: { readonly isWanted: (state: Int32Array) => boolean; readonly countsAsEnd?: boolean; readonly from?: readonly number[] }) {
    this.#system = system;
    this.#isWanted = isWanted;
    this.#countsAsEnd = countsAsEnd;
    this.fieldSizes = system.fieldSizes;
    this.initial = from;
    this.endless = system.endless;
  }

  expand(state: Int32Array, successor: Successor, extent: 'all' | 'enough'): boolean {
    return (!this.#countsAsEnd && this.#isWanted(state)) || this.#system.expand(state, successor, extent);
  }

  isFinal(state: Int32Array): boolean {
    return this.#system.isFinal(state) || (this.#countsAsEnd && this.#isWanted(state));
  }

  isGoal(state: Int32Array): boolean {
    return this.#system.isGoal(state);
  }

  normalize(state: Pick<Successor, 'get' | 'set'>): void {
    this.#system.normalize(state);
  }

  endlessOf(transition: number): number {
    return this.#system.endlessOf(transition);
  }

  mayNeverCome(transition: number): boolean {
    return this.#system.mayNeverCome(transition);
  }

  isResting(endless: number, state: Int32Array): boolean {
    return this.#system.isResting(endless, state);
  }

  describe(transition: number): string {
    return this.#system.describe(transition);
  }
}
