import { LinkedList } from './linked-list.ts';
import type { QueueItem, QueueItems } from './queue-items.ts';

/** First in, first out, or last in, first out. */
export class LinearItems implements QueueItems {
  readonly #order: 'fifo' | 'lifo';
  readonly #items = new LinkedList<QueueItem>();

  constructor(order: 'fifo' | 'lifo') {
    this.#order = order;
  }

  get size(): number {
    return this.#items.size;
  }

  add(item: QueueItem): void {
    if (this.#order === 'fifo') this.#items.append(item);
    else this.#items.prepend(item);
  }

  take(): QueueItem | undefined {
    return this.#items.shift();
  }

  giveBack(items: readonly QueueItem[]): void {
    for (const item of this.#amongThoseBefore(items).toReversed()) this.#items.prepend(item);
  }

  /** With what was put before the last of them, in the order of the puts: others may have given back earlier. */
  #amongThoseBefore(items: readonly QueueItem[]): readonly QueueItem[] {
    if (this.#order === 'lifo') return items;
    const all = items.toSorted(byPut);
    const last = all.at(-1)?.itemId ?? 0;
    const { length } = all;
    for (let head = this.#items.head; head !== null && head.value.itemId < last; head = this.#items.head) {
      all.push(head.value);
      this.#items.remove(head);
    }
    return all.length === length ? all : all.toSorted(byPut);
  }

  inOrder(): readonly QueueItem[] {
    return [...this.#items];
  }
}

function byPut(a: QueueItem, b: QueueItem): number {
  return a.itemId - b.itemId;
}
