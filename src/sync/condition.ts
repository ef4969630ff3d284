import type { Holds } from './holds.ts';
import { LinkedList } from './linked-list.ts';
import type { Lock } from './lock.ts';
import type { SyncRequest } from './operation.ts';
import { failed, granted } from './outcome.ts';
import type { PrimitiveSnapshot, Reacquisition } from './snapshot.ts';
import type { WaitPlace, Waiter } from './waiter.ts';
import type { Waits } from './waits.ts';

/**
 * A condition variable over a lock, as `threading.Condition`: a wait gives the lock up however often
 * it is held, and ends only with the lock held as often again, also when it has timed out or has
 * become impossible. Whoever is cancelled or whose owner ends does not take the lock back.
 */
export class Condition implements WaitPlace<null> {
  readonly name: string;
  readonly #lock: Lock;
  readonly #holds: Holds;
  readonly #waits: Waits;
  readonly #waiting = new LinkedList<Waiter<null>>();
  #orphaned = false;
  #unclaimed = 0;

  constructor(name: string, lock: Lock, holds: Holds, waits: Waits) {
    this.name = name;
    this.#lock = lock;
    this.#holds = holds;
    this.#waits = waits;
  }

  /** Gives the lock up and waits to be notified; with no time left, for its turn at the lock only. */
  wait(request: SyncRequest, nowMs: number): void {
    if (!this.#lock.isOwner(request.owner)) {
      this.#waits.answer(request, failed('not_owner'));
      return;
    }
    if (this.#orphaned && !runsItsTime(request)) {
      this.#waits.answer(request, failed('impossible'));
      return;
    }
    const depth = this.#holds.releaseFully(request.owner, this.#lock);
    const reacquisition: Reacquisition = { lock: this.#lock.name, depth, until: 'notify' };
    const { deadlineMs } = request;
    if (deadlineMs !== null && deadlineMs <= nowMs) {
      this.#holds.reacquire(request, { ...reacquisition, until: 'timed_out' });
    } else {
      this.#waits.add(this.#waiting, { place: this, request, deadlineMs, detail: null, reacquisition });
    }
  }

  /** Moves the first waiters, in order of arrival, on to the lock that the caller still holds. */
  notify(request: SyncRequest, count: number | 'all'): void {
    if (!this.#lock.isOwner(request.owner)) {
      this.#waits.answer(request, failed('not_owner'));
      return;
    }
    this.#moveOn(count === 'all' ? this.#waiting.size : count, 'granted');
    this.#waits.answer(request, granted());
  }

  /** Nobody can still notify: whoever waits, or waits later, fails, unless he just runs his time. */
  orphan(): void {
    this.#orphaned = true;
    for (let node = this.#waiting.head; node !== null; ) {
      const { value, next } = node;
      if (!runsItsTime(value.request)) this.#moveToLock(value, 'failed');
      node = next;
    }
  }

  timeOut(waiter: Waiter<null>): void {
    this.#moveToLock(waiter, 'timed_out');
  }

  withdrawn(): void {
    // It has left the list; nobody else depends on it.
  }

  /**
   * Whoever was notified and then called off before it had the lock has used nothing up: the next
   * waiter is notified in its place, as POSIX asks of a cancelled `pthread_cond_wait`.
   */
  notificationUnclaimed(): void {
    this.#unclaimed += 1;
  }

  serve(): void {
    const count = this.#unclaimed;
    this.#unclaimed = 0;
    this.#moveOn(count, 'granted');
  }

  snapshot(): PrimitiveSnapshot {
    return { kind: 'condition', name: this.name, orphaned: this.#orphaned };
  }

  #moveOn(count: number, until: 'granted' | 'failed'): void {
    for (let moved = 0; moved < count && this.#waiting.head !== null; moved += 1) {
      this.#moveToLock(this.#waiting.head.value, until);
    }
  }

  #moveToLock(waiter: Waiter<null>, until: Reacquisition['until']): void {
    const { request, reacquisition } = waiter;
    this.#waits.remove(waiter);
    if (reacquisition !== null) this.#holds.reacquire(request, { ...reacquisition, until });
  }
}

function runsItsTime({ operation, deadlineMs }: SyncRequest): boolean {
  return operation.verb === 'wait_condition' && operation.runsItsTime === true && deadlineMs !== null;
}
