const firstCapacity = 1024;

/**
 * The states that were found, numbered in the order in which they were added, each with the state it was
 * found from. Open addressing over one packed arena; equal hashes are compared whole, since a proof that
 * takes two states for one is none.
 */
export class StateSet {
  readonly #words: number;
  #arena: Int32Array;
  #parents: Int32Array;
  /** State number + 1 at the place of its hash; at most half of the places are taken. */
  #table = new Int32Array(2 * firstCapacity);
  #size = 0;

  constructor(words: number) {
    this.#words = words;
    this.#arena = new Int32Array(firstCapacity * words);
    this.#parents = new Int32Array(firstCapacity);
  }

  get size(): number {
    return this.#size;
  }

  /** What the states take, with all that is kept to find them again. */
  get bytes(): number {
    return this.#arena.byteLength + this.#parents.byteLength + this.#table.byteLength;
  }

  /** All states, one after the other; it is another one when the set has grown. */
  get arena(): Int32Array {
    return this.#arena;
  }

  /** Where a state was first found from; -1 of the first one. */
  parentOf(state: number): number {
    return this.#parents[state] ?? -1;
  }

  /** The number of a state, which is added where it is new: then it is the old `size`. */
  add(packed: Int32Array, parent: number): number {
    const words = this.#words;
    const arena = this.#arena;
    const table = this.#table;
    const mask = table.length - 1;
    let place = hash(packed, 0, words) & mask;
    for (let entry = table[place] ?? 0; entry !== 0; entry = table[place] ?? 0) {
      const offset = (entry - 1) * words;
      let index = 0;
      while (index < words && arena[offset + index] === packed[index]) index += 1;
      if (index === words) return entry - 1;
      place = (place + 1) & mask;
    }
    const state = this.#size;
    this.#size += 1;
    table[place] = state + 1;
    this.#parents[state] = parent;
    for (let index = 0; index < words; index += 1) arena[state * words + index] = packed[index] ?? 0;
    if (this.#size * 2 === table.length) this.#grow();
    return state;
  }

  #grow(): void {
    const capacity = this.#table.length;
    const arena = new Int32Array(capacity * this.#words);
    arena.set(this.#arena);
    this.#arena = arena;
    const parents = new Int32Array(capacity);
    parents.set(this.#parents);
    this.#parents = parents;
    const table = new Int32Array(2 * capacity);
    const mask = table.length - 1;
    for (let state = 0; state < this.#size; state += 1) {
      let place = hash(arena, state * this.#words, this.#words) & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = state + 1;
    }
    this.#table = table;
  }
}

/** Every word is mixed in by a multiplication; the finaliser of murmur3 spreads the last one. */
function hash(words: Int32Array, offset: number, count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    sum = Math.imul(sum ^ (words[offset + index] ?? 0), 0x9e37_79b1);
    sum ^= sum >>> 15;
  }
  sum = Math.imul(sum ^ (sum >>> 16), 0x85eb_ca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2_ae35);
  return sum ^ (sum >>> 16);
}
