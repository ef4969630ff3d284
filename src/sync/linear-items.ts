import type { QueueItem, QueueItems } from './queue-items.ts';

/** So many items stand in one array of the back: a queue that grows never copies more than these. */
const chunkLength = 4096;

/**
 * First in, first out, or last in, first out. Arrays and no list: a million items that wait take half the
 * memory. What goes first is at the end of the front, what comes after it in the chunks of the back.
 */
export class LinearItems implements QueueItems {
  readonly #order: 'fifo' | 'lifo';
  /** The next to be taken is the last. */
  readonly #front: QueueItem[] = [];
  /** The next to be taken, when the front is empty, is at `#taken` of the chunk `#first`. */
  #chunks: QueueItem[][] = [];
  #first = 0;
  #taken = 0;
  #waiting = 0;

  constructor(order: 'fifo' | 'lifo') {
    this.#order = order;
  }

  get size(): number {
    return this.#front.length + this.#waiting;
  }

  add(item: QueueItem): void {
    if (this.#order === 'lifo') {
      this.#front.push(item);
      return;
    }
    const last = this.#chunks.at(-1);
    if (last === undefined || last.length === chunkLength) this.#chunks.push([item]);
    else last.push(item);
    this.#waiting += 1;
  }

  take(): QueueItem | undefined {
    const first = this.#front.pop();
    if (first !== undefined) return first;
    const chunk = this.#chunks[this.#first];
    const item = chunk?.[this.#taken];
    if (chunk === undefined || item === undefined) return undefined;
    this.#taken += 1;
    this.#waiting -= 1;
    if (this.#taken === chunk.length) this.#dropChunk();
    return item;
  }

  giveBack(items: readonly QueueItem[]): void {
    for (const item of this.#amongThoseBefore(items).toReversed()) this.#front.push(item);
  }

  inOrder(): readonly QueueItem[] {
    return [...this.#front.toReversed(), ...this.#chunks.slice(this.#first).flat().slice(this.#taken)];
  }

  /** Of the chunks that were emptied, all are let go once they are half of the list. */
  #dropChunk(): void {
    this.#chunks[this.#first] = [];
    this.#first += 1;
    this.#taken = 0;
    if (this.#first * 2 < this.#chunks.length) return;
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
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
}

function byPut(a: QueueItem, b: QueueItem): number {
  return a.itemId - b.itemId;
}
