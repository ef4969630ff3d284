/**
 * Numbers in order of arrival, where what is put back goes before what has not been taken yet: in
 * constant time for any length.
 */
export class ReadyList {
  #back: number[] = [];
  #backHead = 0;
  #rest: number[] = [];
  #restHead = 0;

  get isEmpty(): boolean {
    return this.#backHead >= this.#back.length && this.#restHead >= this.#rest.length;
  }

  /** Adds one at the end. */
  push(value: number): void {
    this.#rest.push(value);
  }

  /** Puts one before all that was pushed, behind those that were put back before it. */
  putBack(value: number): void {
    this.#back.push(value);
  }

  /** Takes the first; undefined when none is left. */
  shift(): number | undefined {
    const first = this.#back[this.#backHead];
    if (first !== undefined) {
      this.#backHead += 1;
      return first;
    }
    this.#back = [];
    this.#backHead = 0;
    const next = this.#rest[this.#restHead];
    if (next !== undefined) {
      this.#restHead += 1;
      return next;
    }
    this.clear();
    return undefined;
  }

  clear(): void {
    this.#back = [];
    this.#backHead = 0;
    this.#rest = [];
    this.#restHead = 0;
  }
}
