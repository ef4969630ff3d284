import type { Json } from '../base/json.ts';

/** One item of a queue; its number rises with every item that was put. */
export interface QueueItem {
  readonly itemId: number;
  readonly value: Json;
  readonly priority: number;
}

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
