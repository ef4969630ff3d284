import type { Owner } from './operation.ts';
import type { QueueItem } from './queue-items.ts';

/** What one reader was given ahead of its gets, in order. */
interface Reader {
  readonly owner: Owner;
  items: readonly QueueItem[];
  /** How many it has taken in all. */
  taken: number;
  /** It was asked to give back what it has not taken, and has not answered yet. */
  isRecalled: boolean;
}

/** State of one reader. */
export interface ReaderSnapshot {
  readonly owner: Owner;
  readonly items: readonly QueueItem[];
  readonly taken: number;
  readonly isRecalled: boolean;
}

/**
 * Items that were given to readers together with the one that they asked for. They are on loan: whatever
 * a reader has not taken goes back to the head of the queue when others need it or the reader ends.
 */
export class ItemsAhead {
  readonly #readers = new Map<string, Reader>();
  #size = 0;

  /** How many items are on loan, as far as the readers have said. */
  get size(): number {
    return this.#size;
  }

  give(owner: Owner, items: readonly QueueItem[]): void {
    const reader = this.#reader(owner);
    reader.items = [...reader.items, ...items];
    this.#size += items.length;
  }

  /** The reader has taken so many in all; gives how many are new, or null where it cannot have. */
  take(owner: Owner, taken: number): number | null {
    const reader = this.#reader(owner);
    const count = taken - reader.taken;
    if (count > reader.items.length) return null;
    // What is said may be older than what was read of the reader's tally.
    if (count <= 0) return 0;
    reader.items = reader.items.slice(count);
    reader.taken = taken;
    this.#size -= count;
    return count;
  }

  /** Takes the last so many back from a reader, which has thereby answered a recall; null where it has fewer. */
  giveBack(owner: Owner, count: number): readonly QueueItem[] | null {
    const reader = this.#reader(owner);
    if (count > reader.items.length) return null;
    reader.isRecalled = false;
    const left = reader.items.length - count;
    const items = reader.items.slice(left);
    reader.items = reader.items.slice(0, left);
    this.#size -= count;
    return items;
  }

  /** Forgets a holder of an instance, or all of them, and takes everything back. */
  takeAllFrom(instance: string, holder: string | null): readonly QueueItem[] {
    const items: QueueItem[] = [];
    for (const [key, reader] of this.#readers) {
      if (reader.owner.instance !== instance || (holder !== null && reader.owner.holder !== holder)) continue;
      items.push(...reader.items);
      this.#readers.delete(key);
    }
    this.#size -= items.length;
    return items.toSorted((a, b) => a.itemId - b.itemId);
  }

  /** Readers that have something on loan and were not asked for it yet; they count as asked. */
  recall(): readonly Owner[] {
    if (this.#size === 0) return [];
    const owners: Owner[] = [];
    for (const reader of this.#readers.values()) {
      if (reader.isRecalled || reader.items.length === 0) continue;
      reader.isRecalled = true;
      owners.push(reader.owner);
    }
    return owners;
  }

  inOrder(): readonly ReaderSnapshot[] {
    return [...this.#readers.values()].map((reader) => ({ ...reader }));
  }

  #reader(owner: Owner): Reader {
    const key = JSON.stringify([owner.instance, owner.holder]);
    const known = this.#readers.get(key);
    if (known !== undefined) return known;
    const reader: Reader = { owner, items: [], taken: 0, isRecalled: false };
    this.#readers.set(key, reader);
    return reader;
  }
}
