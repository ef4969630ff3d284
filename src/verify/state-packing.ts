import { invariant } from '../base/invariant.ts';

const wordBits = 32;

interface Field {
  readonly word: number;
  readonly shift: number;
  readonly mask: number;
}

/** Lays the fields of a state out in as few bits as their sizes need; none of them lies across two words. */
export class StatePacking {
  /** 32-bit words that a state takes. */
  readonly words: number;
  // Of each field; flat, since packing is what a search spends its time on.
  readonly #word: Int32Array;
  readonly #shift: Int32Array;
  readonly #mask: Int32Array;

  constructor(fieldSizes: readonly number[]) {
    const fields: Field[] = [];
    let word = 0;
    let used = 0;
    for (const size of fieldSizes) {
      invariant(size >= 1 && size <= 2 ** 31, 'a field has at least one value, and fits into 31 bits');
      const bits = size === 1 ? 0 : wordBits - Math.clz32(size - 1);
      if (used + bits > wordBits) {
        word += 1;
        used = 0;
      }
      // A field of one value lies nowhere: a shift by 32 is one by 0, so that it must not follow a full word.
      fields.push({ word, shift: bits === 0 ? 0 : used, mask: bits === 0 ? 0 : 2 ** bits - 1 });
      used += bits;
    }
    this.words = word + 1;
    this.#word = Int32Array.from(fields, (field) => field.word);
    this.#shift = Int32Array.from(fields, (field) => field.shift);
    this.#mask = Int32Array.from(fields, (field) => field.mask);
  }

  /** The words of a state. */
  pack(state: readonly number[]): Int32Array {
    const words = new Int32Array(this.words);
    for (const [field, value] of state.entries()) this.write(words, field, value);
    return words;
  }

  /** Reads a state back from the words that begin at `offset`. */
  unpack(from: Int32Array, offset: number, into: Int32Array): void {
    for (let field = 0; field < this.#word.length; field += 1) {
      const word = from[offset + (this.#word[field] ?? 0)] ?? 0;
      into[field] = (word >>> (this.#shift[field] ?? 0)) & (this.#mask[field] ?? 0);
    }
  }

  read(words: Int32Array, field: number): number {
    return ((words[this.#word[field] ?? 0] ?? 0) >>> (this.#shift[field] ?? 0)) & (this.#mask[field] ?? 0);
  }

  write(words: Int32Array, field: number, value: number): void {
    const at = this.#word[field] ?? 0;
    const shift = this.#shift[field] ?? 0;
    words[at] = ((words[at] ?? 0) & ~((this.#mask[field] ?? 0) << shift)) | (value << shift);
  }
}
