import type { Json } from '../base/json.ts';

/** Items that have come and that nobody has taken yet, in order. */
export class Stash {
  #items: Json[] = [];
  #taken = 0;

  get size(): number {
    return this.#items.length - this.#taken;
  }

  add(items: readonly Json[]): void {
    if (this.size === 0) {
      this.#items = [];
      this.#taken = 0;
    }
    this.#items.push(...items);
  }

  /** Takes the first; null where none is left, which `size` tells from an item that is null. */
  take(): Json {
    const item = this.#items[this.#taken] ?? null;
    if (this.size > 0) this.#taken += 1;
    return item;
  }

  /** Takes at most so many. */
  takeSome(max: number): readonly Json[] {
    const items = this.#items.slice(this.#taken, this.#taken + max);
    this.#taken += items.length;
    return items;
  }
}
