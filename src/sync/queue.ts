import { present } from '../base/invariant.ts';
import type { Json } from '../base/json.ts';
import type { PrimitiveDefinition } from './definition.ts';
import { ItemsAhead } from './items-ahead.ts';
import { ItemsInHand } from './items-in-hand.ts';
import { LinearItems } from './linear-items.ts';
import { LinkedList } from './linked-list.ts';
import type { Outcome, Owner, SyncRequest } from './operation.ts';
import { failed, granted, timedOut } from './outcome.ts';
import { PriorityItems } from './priority-items.ts';
import type { QueueItem, QueueItems } from './queue-items.ts';
import { ReservedRoom } from './reserved-room.ts';
import type { PrimitiveSnapshot, QueueLook } from './snapshot.ts';
import type { WaitPlace, Waiter } from './waiter.ts';
import type { Waits } from './waits.ts';

interface PutDetail {
  readonly items: readonly Json[];
  readonly priority: number;
  /** Is granted once one has room, and says how many had. */
  readonly isSome: boolean;
}

interface GetDetail {
  readonly inHand: boolean;
  /** Takes what is there, up to so many; null takes one. */
  readonly max: number | null;
  /** How many it has taken of what it was lent; null borrows nothing. */
  readonly taken: number | null;
}

/**
 * A queue as `multiprocessing.JoinableQueue`, with an end of stream. A put goes straight to the first
 * waiting get, and freed room straight to the first waiting put, in the same call. What is lent fills
 * room until it is taken. A consumer that ends loses what it has in hand, which then counts as done so that nobody joins for ever, or gives
 * it back to the head, beyond the capacity if need be.
 */
export class Queue implements WaitPlace<unknown> {
  readonly name: string;
  readonly #capacity: number;
  readonly #redelivers: boolean;
  readonly #waits: Waits;
  readonly #items: QueueItems;
  readonly #inHand = new ItemsInHand();
  readonly #ahead = new ItemsAhead();
  readonly #reserved = new ReservedRoom();
  readonly #lends: boolean;
  readonly #puts = new LinkedList<Waiter<PutDetail>>();
  readonly #gets = new LinkedList<Waiter<GetDetail>>();
  readonly #joins = new LinkedList<Waiter<null>>();
  #nextItemId = 1;
  #unfinished = 0;
  #ended = false;
  #broken = false;

  constructor(definition: Extract<PrimitiveDefinition, { kind: 'queue' }>, waits: Waits) {
    this.name = definition.name;
    this.#capacity = definition.capacity ?? Number.POSITIVE_INFINITY;
    this.#redelivers = definition.onConsumerDeath === 'redeliver';
    this.#waits = waits;
    // Lent items would hide from what comes later and goes first.
    this.#lends = definition.order === 'fifo';
    this.#items = definition.order === 'priority' ? new PriorityItems() : new LinearItems(definition.order);
    for (const value of definition.items) this.#store(value, 0);
  }

  put(request: SyncRequest, detail: PutDetail, nowMs: number): void {
    if (this.#broken) {
      this.#waits.answer(request, failed('broken'));
      return;
    }
    if (this.#room > 0) {
      const put = this.#storeSome(detail);
      this.#waits.answer(request, granted(detail.isSome ? put : null));
      this.serve();
    } else {
      this.#waitFor(this.#puts, request, nowMs, detail);
    }
  }

  /** Keeps free room for one producer, up to so much. Where somebody waits for room, none is free. */
  reserve(request: SyncRequest, most: number): void {
    const free = this.#broken ? 0 : Math.max(0, this.#room);
    this.#waits.answer(request, granted(this.#reserved.reserve(request.owner, free, most)));
  }

  /** Puts into room that is reserved, as far as it is, and lets so much of the rest go. */
  putReserved(request: SyncRequest, items: readonly Json[], freed: number): void {
    const put = items.slice(0, this.#reserved.free(request.owner, items.length));
    this.#reserved.free(request.owner, freed);
    if (this.#broken) {
      this.#waits.answer(request, failed('broken'));
      return;
    }
    for (const value of put) this.#store(value, 0);
    this.#waits.answer(request, granted(put.length));
    this.serve();
  }

  get(request: SyncRequest, detail: GetDetail, nowMs: number): void {
    if (detail.taken !== null && !this.#takeAhead(request, detail.taken)) return;
    if (this.#items.size > 0) {
      this.#waits.answer(request, this.#handOut(request, detail));
      this.serve();
    } else if (this.#isAtItsEnd()) {
      this.#waits.answer(request, failed('end_of_stream'));
    } else {
      this.#waitFor(this.#gets, request, nowMs, detail);
      this.#recall();
    }
  }

  /** A reader has taken so much of what it was lent, and gives the last of it back. */
  giveBack(request: SyncRequest, taken: number, count: number): void {
    if (!this.#takeAhead(request, taken)) return;
    const items = this.#ahead.giveBack(request.owner, count);
    if (items === null) {
      this.#waits.answer(request, failed('nothing_in_hand'));
      return;
    }
    this.#items.giveBack(items);
    this.#waits.answer(request, granted());
    this.serve();
  }

  /** An item that the caller has in hand is done. */
  itemDone(request: SyncRequest, itemId: number | null): void {
    if (itemId === null || !this.#inHand.finish(request.owner.instance, itemId)) {
      this.#waits.answer(request, failed('nothing_in_hand'));
      return;
    }
    this.#unfinished -= 1;
    this.#waits.answer(request, granted());
    this.serve();
  }

  /** The item that the caller has had in hand longest is done, one of those that come last only where there is no other. */
  taskDone(request: SyncRequest, last: readonly number[]): void {
    this.itemDone(request, this.#inHand.oldestOf(request.owner.instance, last));
  }

  /** Waits until every item is done; impossible where nobody is left to take what is in the queue. */
  join(request: SyncRequest, nowMs: number): void {
    const outcome = this.#outcomeOfJoin();
    if (outcome !== null) {
      this.#waits.answer(request, outcome);
    } else {
      this.#waitFor(this.#joins, request, nowMs, null);
      this.#recall();
    }
  }

  /** Nobody can still put. */
  end(): void {
    this.#ended = true;
    this.serve();
  }

  /** Nobody can still get. */
  break(): void {
    this.#broken = true;
    settleAll(this.#puts, this.#waits, failed('broken'));
    this.serve();
  }

  /** Drops or gives back what the instance has in hand. */
  ownerEnded(instance: string): void {
    this.holderEnded(instance, null);
    const items = this.#inHand.takeAllFrom(instance);
    if (items.length === 0) return;
    if (this.#redelivers) {
      this.#items.giveBack(items);
    } else {
      this.#unfinished -= items.length;
      this.#waits.report({ type: 'items_dropped', queue: this.name, instance, count: items.length });
    }
    this.serve();
  }

  /** What a reader was lent and has not taken comes back to the head, and reserved room is free. */
  holderEnded(instance: string, holder: string | null): void {
    const items = this.#ahead.takeAllFrom(instance, holder);
    const freed = this.#reserved.freeAllOf(instance, holder);
    if (items.length === 0 && freed === 0) return;
    this.#items.giveBack(items);
    this.serve();
  }

  timeOut(waiter: Waiter<unknown>): void {
    this.#waits.settle(waiter, timedOut);
  }

  withdrawn(): void {
    // It has left its list; nobody waits behind it for anything but items and room.
  }

  serve(): void {
    this.#move();
    if (this.#isAtItsEnd()) settleAll(this.#gets, this.#waits, failed('end_of_stream'));
    const outcome = this.#outcomeOfJoin();
    if (outcome !== null) settleAll(this.#joins, this.#waits, outcome);
    // What was on its way to a reader when it was recalled, or was lent before others took their share.
    if (this.#gets.size > 0 || this.#joins.size > 0) this.#recall();
  }

  snapshot(): PrimitiveSnapshot {
    return { ...this.look(), items: this.#items.inOrder() };
  }

  /** As the snapshot, with only the number of the items. */
  look(): QueueLook {
    return {
      kind: 'queue',
      name: this.name,
      items: { length: this.#items.size },
      inHand: this.#inHand.inOrder(),
      ahead: this.#ahead.inOrder(),
      reserved: this.#reserved.inOrder(),
      unfinished: this.#unfinished,
      nextItemId: this.#nextItemId,
      ended: this.#ended,
      broken: this.#broken,
    };
  }

  /** Free for everybody; less than none where a dead consumer has given back to a full queue. */
  get #room(): number {
    return this.#capacity - this.#items.size - this.#ahead.size - this.#reserved.size;
  }

  /** Items go to waiting gets, and waiting puts into the room, for as long as there are both. */
  #move(): void {
    for (;;) {
      const get = this.#gets.head?.value;
      const put = this.#puts.head?.value;
      if (get !== undefined && this.#items.size > 0) {
        // Out of the line first: it is none of the others that wait for a share.
        this.#waits.remove(get);
        this.#waits.answer(get.request, this.#handOut(get.request, get.detail));
      } else if (put !== undefined && this.#room > 0) {
        const count = this.#storeSome(put.detail);
        this.#waits.settle(put, granted(put.detail.isSome ? count : null));
      } else {
        return;
      }
    }
  }

  /** Puts what there is room for; returns how many. */
  #storeSome({ items, priority }: PutDetail): number {
    const room = Math.min(items.length, this.#room);
    for (const value of room < items.length ? items.slice(0, room) : items) this.#store(value, priority);
    return room;
  }

  #store(value: Json, priority: number): void {
    this.#items.add({ itemId: this.#nextItemId, value, priority });
    this.#nextItemId += 1;
    this.#unfinished += 1;
  }

  #handOut(request: SyncRequest, { inHand, max, taken }: GetDetail): Outcome {
    const { instance } = request.owner;
    if (taken !== null) return granted(this.#lend(request.owner, inHand, max ?? 1));
    if (max !== null) {
      const items: Json[] = [];
      while (items.length < max && this.#items.size > 0) items.push(this.#takeOne(instance, inHand).value);
      return granted(items);
    }
    const { value, itemId } = this.#takeOne(instance, inHand);
    return { status: 'granted', value, itemId: inHand ? itemId : null, tokens: {}, ownerDied: [] };
  }

  /**
   * One item, and others on loan: a fair share of what is left when everybody who waits has one, and
   * nothing while somebody waits for all to be done, which a loan would put off. Half of the room of a
   * bounded queue is never lent: a reader that stops does not keep it from all others.
   */
  #lend(owner: Owner, inHand: boolean, max: number): readonly Json[] {
    const { value } = this.#takeOne(owner.instance, inHand);
    if (!this.#lends || inHand || this.#joins.size > 0) return [value];
    const others = this.#gets.size;
    const share = Math.ceil(Math.max(0, this.#items.size - others) / (others + 1));
    const most = Math.min(max - 1, share, Math.floor(this.#capacity / 2) - this.#ahead.size);
    const lent: QueueItem[] = [];
    while (lent.length < most) {
      lent.push(present(this.#items.take(), `${this.name} lends only what it has`));
    }
    if (lent.length > 0) this.#ahead.give(owner, lent);
    return [value, ...lent.map((item) => item.value)];
  }

  /** Notes what a reader has taken; where it says what cannot be, its request is refused. */
  #takeAhead(request: SyncRequest, taken: number): boolean {
    const count = this.#ahead.take(request.owner, taken);
    if (count === null) {
      this.#waits.answer(request, failed('nothing_in_hand'));
      return false;
    }
    this.#unfinished -= count;
    if (count > 0) this.serve();
    return true;
  }

  /**
   * Asks for what is on loan: others want items, or all to be done. Also for one that does not wait: it may
   * come again, and would never get what others keep.
   */
  #recall(): void {
    for (const owner of this.#ahead.recall()) this.#waits.report({ type: 'recall', queue: this.name, owner });
  }

  #takeOne(instance: string, inHand: boolean): QueueItem {
    const item = present(this.#items.take(), `${this.name} gives only what it has`);
    if (inHand) this.#inHand.take(instance, item);
    else this.#unfinished -= 1;
    return item;
  }

  #isAtItsEnd(): boolean {
    return this.#ended && this.#items.size === 0 && this.#ahead.size === 0 && !(this.#redelivers && this.#inHand.size > 0);
  }

  #outcomeOfJoin(): Outcome | null {
    if (this.#unfinished === 0) return granted();
    return this.#broken && this.#items.size > 0 ? failed('impossible') : null;
  }

  #waitFor<T>(list: LinkedList<Waiter<T>>, request: SyncRequest, nowMs: number, detail: T): void {
    const { deadlineMs } = request;
    if (deadlineMs !== null && deadlineMs <= nowMs) this.#waits.answer(request, timedOut);
    else this.#waits.add(list, { place: this, request, deadlineMs, detail });
  }
}

function settleAll<T>(list: LinkedList<Waiter<T>>, waits: Waits, outcome: Outcome): void {
  while (list.head !== null) waits.settle(list.head.value, outcome);
}
