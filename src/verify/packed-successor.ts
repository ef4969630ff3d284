import type { StatePacking } from './state-packing.ts';
import type { Successor } from './transition-system.ts';

/** A successor that is packed from the start: a transition costs what it changes, whatever the size of a state. */
export class PackedSuccessor implements Successor {
  /** As it is by now. */
  readonly words: Int32Array;
  readonly #packing: StatePacking;
  readonly #expanded: Int32Array;
  readonly #reached: (transition: number) => void;

  /** @param reached is told of each successor that is complete, while it stands in `words` */
  constructor(packing: StatePacking, reached: (transition: number) => void) {
    this.#packing = packing;
    this.#reached = reached;
    this.words = new Int32Array(packing.words);
    this.#expanded = new Int32Array(packing.words);
  }

  /** From now on successors are those of the state whose words begin at `offset`. */
  begin(arena: Int32Array, offset: number): void {
    for (let index = 0; index < this.words.length; index += 1) this.#expanded[index] = arena[offset + index] ?? 0;
    this.#startOver();
  }

  get(field: number): number {
    return this.#packing.read(this.words, field);
  }

  set(field: number, value: number): void {
    this.#packing.write(this.words, field, value);
  }

  reach(transition: number): void {
    this.#reached(transition);
    this.#startOver();
  }

  #startOver(): void {
    for (let index = 0; index < this.words.length; index += 1) this.words[index] = this.#expanded[index] ?? 0;
  }
}
