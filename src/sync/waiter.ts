import { invariant } from '../base/invariant.ts';
import type { LinkedList, ListNode } from './linked-list.ts';
import type { SyncRequest } from './operation.ts';
import type { Reacquisition } from './snapshot.ts';

/** Where requests wait: a primitive, which keeps `T` with each of them. */
export interface WaitPlace<T> {
  /** The time of a listed waiter has run out: it gets its outcome, or moves on to where it gets it. */
  timeOut(waiter: Waiter<T>): void;
  /** A waiter was taken out without an outcome of this place; `serve` follows in the same call. */
  withdrawn(waiter: Waiter<T>): void;
  /** Lets everybody go on who can, now that others were withdrawn. */
  serve(): void;
}

/** What a waiter is made of. */
export interface Wait<T> {
  readonly place: WaitPlace<T>;
  readonly request: SyncRequest;
  readonly deadlineMs: number | null;
  readonly detail: T;
  readonly reacquisition?: Reacquisition;
}

/** One request that waits at one place; it is in exactly one list until it settles. */
export class Waiter<T> {
  readonly request: SyncRequest;
  /** Rises with every arrival at any place. */
  readonly arrival: number;
  /** Null where only the place decides when the wait ends. */
  readonly deadlineMs: number | null;
  readonly place: WaitPlace<T>;
  readonly detail: T;
  /** Of a wait on a condition: how it gets its lock back. */
  readonly reacquisition: Reacquisition | null;
  #list: LinkedList<Waiter<T>> | null = null;
  #node: ListNode<Waiter<T>> | null = null;

  constructor(arrival: number, wait: Wait<T>) {
    this.request = wait.request;
    this.arrival = arrival;
    this.deadlineMs = wait.deadlineMs;
    this.place = wait.place;
    this.detail = wait.detail;
    this.reacquisition = wait.reacquisition ?? null;
  }

  /** Joins a list at the place of its arrival, which is the end for whoever has just come. */
  enter(list: LinkedList<Waiter<T>>): void {
    invariant(this.#list === null, 'a waiter is in one list at a time');
    this.#list = list;
    this.#node = list.insertSorted(this, (other, self) => other.arrival > self.arrival);
  }

  /** Leaves its list. */
  leave(): void {
    invariant(this.#list !== null && this.#node !== null, 'a waiter leaves the list that it is in');
    this.#list.remove(this.#node);
    this.#list = null;
    this.#node = null;
  }

  /** Tells the place that the time has run out. */
  timeOut(): void {
    this.place.timeOut(this);
  }

  /** Tells the place that this waiter has gone. */
  withdrawn(): void {
    this.place.withdrawn(this);
  }
}
