import type { Owner } from './operation.ts';

/** Room that one producer may fill without asking. */
export interface ReservationSnapshot {
  readonly owner: Owner;
  readonly count: number;
}

/**
 * Room of a bounded queue that is kept for producers: it is as good as full for everybody else. Who asked
 * for some is remembered until it ends, also with none: that is among how many the room is shared.
 */
export class ReservedRoom {
  readonly #producers = new Map<string, { readonly owner: Owner; count: number }>();
  #size = 0;

  /** How much is reserved in all. */
  get size(): number {
    return this.#size;
  }

  /** Keeps a fair share of what is free for one producer, at most so much; gives how much. */
  reserve(owner: Owner, free: number, most: number): number {
    const producer = this.#producer(owner);
    const count = Math.min(most, Math.ceil(free / this.#producers.size));
    producer.count += count;
    this.#size += count;
    return count;
  }

  /** Lets so much of it go, as far as there is so much; gives how much that is. */
  free(owner: Owner, most: number): number {
    const producer = this.#producer(owner);
    const count = Math.min(most, producer.count);
    producer.count -= count;
    this.#size -= count;
    return count;
  }

  /** Forgets a holder of an instance, or all of them; gives how much is free thereby. */
  freeAllOf(instance: string, holder: string | null): number {
    const before = this.#size;
    for (const [key, { owner, count }] of this.#producers) {
      if (owner.instance !== instance || (holder !== null && owner.holder !== holder)) continue;
      this.#size -= count;
      this.#producers.delete(key);
    }
    return before - this.#size;
  }

  inOrder(): readonly ReservationSnapshot[] {
    return [...this.#producers.values()].map((producer) => ({ ...producer }));
  }

  #producer(owner: Owner): { readonly owner: Owner; count: number } {
    const key = JSON.stringify([owner.instance, owner.holder]);
    const known = this.#producers.get(key);
    if (known !== undefined) return known;
    const producer = { owner, count: 0 };
    this.#producers.set(key, producer);
    return producer;
  }
}
