import { present } from '../base/invariant.ts';

/**
 * A priority queue of distinct values with removal of any of them: adding and removing take
 * logarithmic time, looking at the first takes constant time.
 */
export class BinaryHeap<T> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #values: T[] = [];
  readonly #positions = new Map<T, number>();

  /** `before` is a strict order; equal values come out in any order. */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#values.length;
  }

  /** The value that no other comes before; undefined when the heap is empty. */
  peek(): T | undefined {
    return this.#values[0];
  }

  add(value: T): void {
    this.#values.push(value);
    this.#rise(this.#values.length - 1, value);
  }

  /** Takes out the first value; undefined when the heap is empty. */
  pop(): T | undefined {
    const first = this.#values[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Takes out a value; one that is not there is left alone. */
  remove(value: T): void {
    const position = this.#positions.get(value);
    if (position === undefined) return;
    this.#positions.delete(value);
    const last = present(this.#values.pop(), 'a heap with a position has a value');
    if (position === this.#values.length) return;
    this.#rise(position, last);
    this.#sink(present(this.#positions.get(last), 'a value of the heap has a position'), last);
  }

  /** Every value, in no particular order. */
  values(): readonly T[] {
    return this.#values;
  }

  #rise(from: number, value: T): void {
    let position = from;
    while (position > 0) {
      const above = (position - 1) >> 1;
      const parent = present(this.#values[above], 'every place but the first has one above it');
      if (!this.#before(value, parent)) break;
      this.#place(position, parent);
      position = above;
    }
    this.#place(position, value);
  }

  #sink(from: number, value: T): void {
    let position = from;
    for (;;) {
      const left = this.#values[2 * position + 1];
      const right = this.#values[2 * position + 2];
      if (left === undefined) break;
      const rightIsFirst = right !== undefined && this.#before(right, left);
      const child = rightIsFirst ? right : left;
      if (!this.#before(child, value)) break;
      this.#place(position, child);
      position = 2 * position + (rightIsFirst ? 2 : 1);
    }
    this.#place(position, value);
  }

  #place(position: number, value: T): void {
    this.#values[position] = value;
    this.#positions.set(value, position);
  }
}
