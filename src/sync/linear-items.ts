import type { QueueItem, QueueItems } from './queue-items.ts';

/** As many places that were emptied are kept before the rest is moved to the front. */
const mostEmptied = 1024;

/**
 * First in, first out, or last in, first out. Two arrays and no list: a million items that wait take
 * half the memory. What goes first is at the end of one of them, what comes after it in the other.
 */
export class LinearItems implements QueueItems {
  readonly #order: 'fifo' | 'lifo';
  /** The next to be taken is the last. */
  readonly #front: QueueItem[] = [];
  /** The next to be taken, when the front is empty, is at `#taken`. */
  #back: QueueItem[] = [];
  #taken = 0;

  constructor(order: 'fifo' | 'lifo') {
    this.#order = order;
  }

  get size(): number {
    return this.#front.length + this.#back.length - this.#taken;
  }

  add(item: QueueItem): void {
    if (this.#order === 'fifo') this.#back.push(item);
    else this.#front.push(item);
  }

  take(): QueueItem | undefined {
    const first = this.#front.pop();
    if (first !== undefined) return first;
    const item = this.#back[this.#taken];
    if (item === undefined) return undefined;
    this.#taken += 1;
    // Half of it at least is empty then, so that moving costs no more than taking did.
    if (this.#taken === this.#back.length || (this.#taken > mostEmptied && this.#taken * 2 > this.#back.length)) {
      this.#back = this.#back.slice(this.#taken);
      this.#taken = 0;
    }
    return item;
  }

  giveBack(items: readonly QueueItem[]): void {
    for (const item of this.#amongThoseBefore(items).toReversed()) this.#front.push(item);
  }

  /** With what was put before the last of them, in the order of the puts: others may have given back earlier. */
  #amongThoseBefore(items: readonly QueueItem[]): readonly QueueItem[] {
    if (this.#order === 'lifo') return items;
    const all = items.toSorted(byPut);
    const last = all.at(-1)?.itemId ?? 0;
    const { length } = all;
    for (let head = this.#front.at(-1); head !== undefined && head.itemId < last; head = this.#front.at(-1)) {
      all.push(head);
      this.#front.pop();
    }
    return all.length === length ? all : all.toSorted(byPut);
  }

  inOrder(): readonly QueueItem[] {
    return [...this.#front.toReversed(), ...this.#back.slice(this.#taken)];
  }
}

function byPut(a: QueueItem, b: QueueItem): number {
  return a.itemId - b.itemId;
}
