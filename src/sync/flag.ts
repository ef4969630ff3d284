import { LinkedList } from './linked-list.ts';
import type { SyncRequest } from './operation.ts';
import { failed, granted, timedOut } from './outcome.ts';
import type { PrimitiveSnapshot } from './snapshot.ts';
import type { WaitPlace, Waiter } from './waiter.ts';
import type { Waits } from './waits.ts';

/**
 * A flag that wakes everyone who waits when it is set, even if it is cleared at once afterwards
 * (language page, semantics 9). When nobody can still set it, waits for it fail instead of hanging
 * (semantics 4); a set that comes all the same still counts.
 */
export class Flag implements WaitPlace<null> {
  readonly name: string;
  readonly #waits: Waits;
  readonly #waiting = new LinkedList<Waiter<null>>();
  #isSet: boolean;
  #orphaned = false;

  constructor(name: string, isSet: boolean, waits: Waits) {
    this.name = name;
    this.#isSet = isSet;
    this.#waits = waits;
  }

  set(request: SyncRequest): void {
    this.#isSet = true;
    this.#waits.answer(request, granted());
    while (this.#waiting.head !== null) this.#waits.settle(this.#waiting.head.value, granted());
  }

  clear(request: SyncRequest): void {
    this.#isSet = false;
    this.#waits.answer(request, granted());
  }

  wait(request: SyncRequest, nowMs: number): void {
    const { deadlineMs } = request;
    if (this.#isSet) this.#waits.answer(request, granted());
    else if (this.#orphaned) this.#waits.answer(request, failed('impossible'));
    else if (deadlineMs !== null && deadlineMs <= nowMs) this.#waits.answer(request, timedOut);
    else this.#waits.add(this.#waiting, { place: this, request, deadlineMs, detail: null });
  }

  /** Nobody can still set it. */
  orphan(): void {
    this.#orphaned = true;
    while (this.#waiting.head !== null) this.#waits.settle(this.#waiting.head.value, failed('impossible'));
  }

  timeOut(waiter: Waiter<null>): void {
    this.#waits.settle(waiter, timedOut);
  }

  withdrawn(): void {
    // It has left the list; nobody else depends on it.
  }

  serve(): void {
    // A wait that ends lets nobody else go on.
  }

  snapshot(): PrimitiveSnapshot {
    return { kind: 'event', name: this.name, isSet: this.#isSet, orphaned: this.#orphaned };
  }
}
