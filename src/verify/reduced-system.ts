import type { ModelSystem } from './model-system.ts';
import { fieldsOf } from './fields-of.ts';
import { StubbornSets } from './stubborn-sets.ts';
import type { Successor, TransitionSystem } from './transition-system.ts';
import { Twins } from './twins.ts';

/** Of so many at most each is put to its place by itself; of more that takes far longer than to sort them where many have changed. */
const mostInserted = 16;

/**
 * A model with fewer states to look at: those that differ only in who of several alike is where are one, and where enough is asked for
 * only some actors are followed, who are up to none of the others.
 */
export class ReducedSystem implements TransitionSystem {
  readonly model: ModelSystem;
  readonly fieldSizes: readonly number[];
  readonly initial: readonly number[];
  readonly endless: number;
  /** Groups of actors that may change places: the fields of each, which are its own and those of its places in lines. */
  readonly #alike: readonly (readonly (readonly number[])[])[];
  readonly #twins: Twins;
  readonly #everybody: readonly number[];
  readonly #stubborn: StubbornSets;

  /** @param alike groups of actors */
  constructor(model: ModelSystem, alike: readonly (readonly number[])[]) {
    this.model = model;
    this.fieldSizes = model.fieldSizes;
    this.initial = model.initial;
    this.endless = model.endless;
    this.#alike = alike.map((group) => group.map((actor) => fieldsOf(model, actor)));
    this.#twins = new Twins(alike, this.#alike);
    this.#everybody = model.graphs.map((_, actor) => actor);
    this.#stubborn = new StubbornSets(model, alike);
  }

  expand(state: Int32Array, successor: Successor, extent: 'all' | 'enough'): boolean {
    const actors = extent === 'all' ? null : this.#stubborn.find(state);
    if (actors === null && this.#alike.length === 0) return this.model.expand(state, successor);
    this.model.expandSome(state, successor, this.#twins.withoutTwins(state, actors ?? this.#everybody));
    return actors === null;
  }

  normalize(state: Pick<Successor, 'get' | 'set'>): void {
    for (const group of this.#alike) {
      if (group.length <= mostInserted) insertEach(state, group);
      else if (!isInOrder(state, group)) sortAll(state, group);
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

  mayNeverCome(transition: number): boolean {
    return this.model.mayNeverCome(transition);
  }

  isResting(endless: number, state: Int32Array): boolean {
    return this.model.isResting(endless, state);
  }

  describe(transition: number): string {
    return this.model.describe(transition);
  }
}

/** What was sorted before has changed in a few fields only. */
function insertEach(state: Pick<Successor, 'get' | 'set'>, group: readonly (readonly number[])[]): void {
  for (let index = 1; index < group.length; index += 1) {
    const here = group[index];
    const last = group[index - 1];
    if (here === undefined || last === undefined || areInOrder(state, last, here)) continue;
    const values = here.map((field) => state.get(field));
    let place = index;
    for (; place > 0; place -= 1) {
      const before = group[place - 1]?.map((field) => state.get(field));
      if (before === undefined || comparison(values, before) >= 0) break;
      put(state, group[place], before);
    }
    if (place < index) put(state, group[place], values);
  }
}

function isInOrder(state: Pick<Successor, 'get'>, group: readonly (readonly number[])[]): boolean {
  return group.every((here, index) => {
    const last = group[index - 1];
    return last === undefined || areInOrder(state, last, here);
  });
}

function sortAll(state: Pick<Successor, 'get' | 'set'>, group: readonly (readonly number[])[]): void {
  const values = group.map((fields) => fields.map((field) => state.get(field)));
  for (const [place, sorted] of values.toSorted(comparison).entries()) if (sorted !== values[place]) put(state, group[place], sorted);
}

/** Whether one does not come behind the next: so it is of nearly all, and nothing is copied to find that out. */
function areInOrder(state: Pick<Successor, 'get'>, one: readonly number[], next: readonly number[]): boolean {
  for (let index = 0; index < one.length; index += 1) {
    const difference = state.get(one[index] ?? 0) - state.get(next[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return true;
}

function comparison(values: readonly number[], others: readonly number[]): number {
  for (let index = 0; index < values.length; index += 1) {
    const difference = (values[index] ?? 0) - (others[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function put(state: Pick<Successor, 'set'>, fields: readonly number[] | undefined, values: readonly number[]): void {
  for (const [index, field] of fields?.entries() ?? []) state.set(field, values[index] ?? 0);
}
