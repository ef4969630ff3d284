import { BinaryHeap } from './binary-heap.ts';
import type { QueueItem, QueueItems } from './queue-items.ts';

/** Lowest priority first, equal ones in order of arrival, wherever they come from. */
export class PriorityItems implements QueueItems {
  readonly #items = new BinaryHeap<QueueItem>((a, b) => comparePriority(a, b) < 0);

  get size(): number {
    return this.#items.size;
  }

  add(item: QueueItem): void {
    this.#items.add(item);
  }

  take(): QueueItem | undefined {
    return this.#items.pop();
  }

  giveBack(items: readonly QueueItem[]): void {
    for (const item of items) this.#items.add(item);
  }

  inOrder(): readonly QueueItem[] {
    return this.#items.values().toSorted(comparePriority);
  }
}

function comparePriority(a: QueueItem, b: QueueItem): number {
  return a.priority - b.priority || a.itemId - b.itemId;
}
