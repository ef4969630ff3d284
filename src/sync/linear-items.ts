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
    for (const item of items.toReversed()) this.#items.prepend(item);
  }

  inOrder(): readonly QueueItem[] {
    return [...this.#items];
  }
}
