/**
 * Numbers in order, taken from the front: like an array's `push`, `unshift` and `shift`, but in constant
 * time for any length.
 */
export class ReadyList {
  /** Put back to the front, last one first. */
  readonly #front: number[] = [];
  #rest: number[] = [];
  #head = 0;

  push(value: number): void {
    this.#rest.push(value);
  }

  unshift(value: number): void {
    this.#front.push(value);
  }

  /** Takes the first; undefined when none is left. */
  shift(): number | undefined {
    const first = this.#front.pop();
    if (first !== undefined) return first;
    const next = this.#rest[this.#head];
    if (next === undefined) {
      this.#rest = [];
      this.#head = 0;
      return undefined;
    }
    this.#head += 1;
    return next;
  }

  clear(): void {
    this.#front.length = 0;
    this.#rest = [];
    this.#head = 0;
  }
}
