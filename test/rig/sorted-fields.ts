import type { Successor, TransitionSystem } from '../../src/verify/transition-system.ts';

/** Fields of a state that may change places: the locations of actors that nothing tells apart. */
export type Alike = readonly number[];

/**
 * The same system with states that differ only in who of several alike does what taken for one: those
 * whose fields are sorted. Depths, stuck states and the reachability of the goal stay what they are.
 */
export function sortFields(system: TransitionSystem, groups: readonly Alike[]): TransitionSystem {
  const sorted = new SortedSuccessor(groups);
  return {
    fieldSizes: system.fieldSizes,
    initial: system.initial,
    expand: (state, successor) => {
      sorted.goesTo = successor;
      system.expand(state, sorted);
    },
    isFinal: (state) => system.isFinal(state),
    isGoal: (state) => system.isGoal(state),
    describe: (transition) => system.describe(transition),
  };
}

class SortedSuccessor implements Successor {
  goesTo: Successor = { get: () => 0, set: () => undefined, reach: () => undefined };
  readonly #groups: readonly Alike[];

  constructor(groups: readonly Alike[]) {
    this.#groups = groups;
  }

  get(field: number): number {
    return this.goesTo.get(field);
  }

  set(field: number, value: number): void {
    this.goesTo.set(field, value);
  }

  reach(transition: number): void {
    for (const fields of this.#groups) this.#sort(fields);
    this.goesTo.reach(transition);
  }

  /** By insertion: the fields were sorted before, but for the few that have changed. */
  #sort(fields: Alike): void {
    const { goesTo } = this;
    for (let index = 1; index < fields.length; index += 1) {
      const value = goesTo.get(fields[index] ?? 0);
      let place = index;
      for (; place > 0; place -= 1) {
        const before = goesTo.get(fields[place - 1] ?? 0);
        if (before <= value) break;
        goesTo.set(fields[place] ?? 0, before);
      }
      if (place < index) goesTo.set(fields[place] ?? 0, value);
    }
  }
}
