import type { Json } from '../base/json.ts';
import { BinaryHeap } from './binary-heap.ts';
import type { PrimitiveDefinition } from './definition.ts';
import { LinkedList } from './linked-list.ts';

/** One item of a queue; its number rises with every item that was put. */
export interface QueueItem {
  readonly itemId: number;
  readonly value: Json;
  readonly priority: number;
}

/** The order in which a queue gives its items. */
export type QueueOrder = Extract<PrimitiveDefinition, { kind: 'queue' }>['order'];

/** What is in a queue, in the order in which it is taken. */
export interface QueueItems {
  readonly size: number;
  add(item: QueueItem): void;
  /** Takes the next one; undefined when there is none. */
  take(): QueueItem | undefined;
  /** Gives items back that were taken in this order, so that they are the next to be taken again. */
  giveBack(items: readonly QueueItem[]): void;
  inOrder(): readonly QueueItem[];
}

/** An empty store of items for a queue of this order. */
export function createQueueItems(order: QueueOrder): QueueItems {
  return order === 'priority' ? new PriorityItems() : new LinearItems(order);
}

class LinearItems implements QueueItems {
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

/** Lowest priority first, equal ones in order of arrival, wherever they come from. */
class PriorityItems implements QueueItems {
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
