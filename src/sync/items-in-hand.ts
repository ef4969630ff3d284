import type { QueueItem } from './queue-items.ts';

/** The items that consumers have taken and not done yet. */
export class ItemsInHand {
  readonly #byInstance = new Map<string, Map<number, QueueItem>>();
  readonly #instanceOf = new Map<number, string>();

  get size(): number {
    return this.#instanceOf.size;
  }

  take(instance: string, item: QueueItem): void {
    this.#instanceOf.set(item.itemId, instance);
    const items = this.#byInstance.get(instance);
    if (items === undefined) this.#byInstance.set(instance, new Map([[item.itemId, item]]));
    else items.set(item.itemId, item);
  }

  /** The item is done; false where the instance does not have it in hand. */
  finish(instance: string, itemId: number): boolean {
    const items = this.#byInstance.get(instance);
    if (items === undefined || !items.delete(itemId)) return false;
    this.#instanceOf.delete(itemId);
    if (items.size === 0) this.#byInstance.delete(instance);
    return true;
  }

  /** The number of the item that the instance took first, one of those that come last only where there is no other; null where it has none. */
  oldestOf(instance: string, last: readonly number[]): number | null {
    const items = this.#byInstance.get(instance);
    if (items === undefined) return null;
    for (const itemId of items.keys()) if (!last.includes(itemId)) return itemId;
    return items.keys().next().value ?? null;
  }

  /** Takes everything out of an instance's hands, in the order in which it was taken. */
  takeAllFrom(instance: string): readonly QueueItem[] {
    const items = [...(this.#byInstance.get(instance)?.values() ?? [])];
    this.#byInstance.delete(instance);
    for (const { itemId } of items) this.#instanceOf.delete(itemId);
    return items;
  }

  /** Everything in hand, in the order in which it was taken. */
  inOrder(): readonly (QueueItem & { readonly instance: string })[] {
    return [...this.#instanceOf].flatMap(([itemId, instance]) => {
      const item = this.#byInstance.get(instance)?.get(itemId);
      return item === undefined ? [] : [{ ...item, instance }];
    });
  }
}
