import { ShortLivedMap } from '../base/short-lived-map.ts';
import { invariant } from '../base/invariant.ts';
import { BinaryHeap } from './binary-heap.ts';
import type { LinkedList } from './linked-list.ts';
import type { Outcome, SyncEvent, SyncRequest } from './operation.ts';
import { type Wait, type WaitPlace, Waiter } from './waiter.ts';

/** A waiter of any place. */
export type AnyWaiter = Pick<
  Waiter<unknown>,
  'request' | 'arrival' | 'deadlineMs' | 'reacquisition' | 'leave' | 'timeOut' | 'withdrawn'
> & {
  readonly place: Pick<WaitPlace<never>, 'serve'>;
};

/**
 * Every waiting request of a table, found by id, by instance and by deadline, and the events of the
 * call that is being answered. Because a request settles only here, it settles exactly once.
 */
export class Waits {
  readonly #byId = new ShortLivedMap<number, AnyWaiter>();
  readonly #byInstance = new Map<string, Set<AnyWaiter>>();
  readonly #deadlines = new BinaryHeap<AnyWaiter>(
    (a, b) => dueAt(a) < dueAt(b) || (dueAt(a) === dueAt(b) && a.arrival < b.arrival),
  );
  #arrivals = 0;
  #events: SyncEvent[] = [];

  /** Lists a request that must wait. */
  add<T>(list: LinkedList<Waiter<T>>, wait: Wait<T>): Waiter<T> {
    const { request, deadlineMs } = wait;
    invariant(!this.#byId.has(request.id), `request ${request.id} waits already`);
    this.#arrivals += 1;
    const waiter = new Waiter(this.#arrivals, wait);
    waiter.enter(list);
    this.#byId.set(request.id, waiter);
    const siblings = this.#byInstance.get(request.owner.instance);
    if (siblings === undefined) this.#byInstance.set(request.owner.instance, new Set([waiter]));
    else siblings.add(waiter);
    if (deadlineMs !== null) this.#deadlines.add(waiter);
    return waiter;
  }

  /** Takes a waiter out without an outcome: it gets one elsewhere. */
  remove(waiter: AnyWaiter): void {
    const { id, owner } = waiter.request;
    invariant(this.#byId.get(id) === waiter, `request ${id} does not wait`);
    waiter.leave();
    this.#byId.delete(id);
    const siblings = this.#byInstance.get(owner.instance);
    siblings?.delete(waiter);
    if (siblings?.size === 0) this.#byInstance.delete(owner.instance);
    this.#deadlines.remove(waiter);
  }

  /** Gives a waiter its one outcome. */
  settle(waiter: AnyWaiter, outcome: Outcome): void {
    this.remove(waiter);
    this.answer(waiter.request, outcome);
  }

  /** Gives a request that is not listed its one outcome. */
  answer(request: SyncRequest, outcome: Outcome): void {
    this.#events.push({ type: 'settled', requestId: request.id, outcome });
  }

  /** Reports what is not an outcome. */
  report(event: Exclude<SyncEvent, { type: 'settled' }>): void {
    this.#events.push(event);
  }

  /** The events since the last time, in order. */
  takeEvents(): SyncEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  get(requestId: number): AnyWaiter | undefined {
    return this.#byId.get(requestId);
  }

  /** What an instance waits for, in order of arrival. */
  ofInstance(instance: string): readonly AnyWaiter[] {
    return [...(this.#byInstance.get(instance) ?? [])];
  }

  /** The waiter whose deadline comes first; among equal ones the first that arrived. */
  firstDue(): AnyWaiter | undefined {
    return this.#deadlines.peek();
  }

  /** Every waiter in order of arrival. */
  inOrder(): Iterable<AnyWaiter> {
    return this.#byId.values();
  }
}

function dueAt(waiter: AnyWaiter): number {
  return waiter.deadlineMs ?? Number.POSITIVE_INFINITY;
}
