/**
 * Actors that are alike and at the same place: whatever one of them does leads to the same as what another one does, but for who of them
 * is where then.
 */
export class Twins {
  readonly #alike: readonly (readonly number[])[];
  readonly #fields: readonly (readonly (readonly number[])[])[];
  /** Of each actor, one at the same place who stands for it in the state that is looked at. */
  readonly #standIns = new Map<number, number>();

  /**
   * @param alike groups of actors
   * @param fields of each of them, what tells where it is
   */
  constructor(alike: readonly (readonly number[])[], fields: readonly (readonly (readonly number[])[])[]) {
    this.#alike = alike;
    this.#fields = fields;
  }

  /** Of these actors, one of each that are twins. */
  withoutTwins(state: Int32Array, actors: Iterable<number>): readonly number[] {
    this.#look(state);
    const stand = new Set<number>();
    const left: number[] = [];
    for (const actor of actors) {
      const standIn = this.#standIns.get(actor);
      if (standIn !== undefined && stand.has(standIn)) continue;
      if (standIn !== undefined) stand.add(standIn);
      left.push(actor);
    }
    return left;
  }

  /** Twins are neighbours where a state is in order; where it is not, some are missed. */
  #look(state: Int32Array): void {
    for (const [group, actors] of this.#alike.entries()) {
      const fields = this.#fields[group] ?? [];
      let standIn = actors[0] ?? 0;
      for (const [index, actor] of actors.entries()) {
        if (index > 0 && !areEqual(state, fields[index - 1] ?? [], fields[index] ?? [])) standIn = actor;
        this.#standIns.set(actor, standIn);
      }
    }
  }
}

function areEqual(state: Int32Array, one: readonly number[], other: readonly number[]): boolean {
  for (let index = 0; index < one.length; index += 1) if (state[one[index] ?? 0] !== state[other[index] ?? 0]) return false;
  return true;
}
