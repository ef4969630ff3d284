import { LinkedList } from './linked-list.ts';
import type { Outcome, SyncRequest } from './operation.ts';
import { failed, granted, timedOut } from './outcome.ts';
import type { PrimitiveSnapshot } from './snapshot.ts';
import type { WaitPlace, Waiter } from './waiter.ts';
import type { Waits } from './waits.ts';

/**
 * A meeting point of a fixed number of parties, as `threading.Barrier`: the last arrival lets all of
 * them go on, each with its index of arrival, and the barrier can be used again. A time-out or an
 * abort breaks it for everyone until `reset`; too few parties left break it for good. An arrival whose
 * wait is called off, or whose owner ends, is taken back.
 */
export class Barrier implements WaitPlace<null> {
  readonly name: string;
  readonly #parties: number;
  /** Used where a wait brings no deadline of its own; in ms, null is none. */
  readonly #timeoutMs: number | null;
  readonly #waits: Waits;
  readonly #waiting = new LinkedList<Waiter<null>>();
  #broken = false;
  #closed = false;

  constructor(name: string, parties: number, timeoutMs: number | null, waits: Waits) {
    this.name = name;
    this.#parties = parties;
    this.#timeoutMs = timeoutMs;
    this.#waits = waits;
  }

  wait(request: SyncRequest, nowMs: number): void {
    if (this.#broken) {
      this.#waits.answer(request, failed('broken'));
      return;
    }
    const index = this.#waiting.size;
    if (index + 1 >= this.#parties) {
      this.#settleAll((arrival) => granted(arrival));
      this.#waits.answer(request, granted(index));
      return;
    }
    const ownDeadlineMs = this.#timeoutMs === null ? null : nowMs + this.#timeoutMs;
    const deadlineMs = request.deadlineMs ?? ownDeadlineMs;
    if (deadlineMs !== null && deadlineMs <= nowMs) {
      this.#waits.answer(request, timedOut);
      this.#break();
    } else {
      this.#waits.add(this.#waiting, { place: this, request, deadlineMs, detail: null });
    }
  }

  abort(request: SyncRequest): void {
    this.#waits.answer(request, granted());
    this.#break();
  }

  /** Usable again, except where too few parties are left; whoever waits is told that it is broken. */
  reset(request: SyncRequest): void {
    this.#waits.answer(request, granted());
    this.#break();
    this.#broken = this.#closed;
  }

  /** Too few parties are left to fill it (language page, semantics 7). */
  close(): void {
    this.#closed = true;
    this.#break();
  }

  timeOut(waiter: Waiter<null>): void {
    this.#waits.settle(waiter, timedOut);
    this.#break();
  }

  withdrawn(): void {
    // It has left the list, and with it its arrival has gone.
  }

  serve(): void {
    // A party that goes lets nobody else go on.
  }

  snapshot(): PrimitiveSnapshot {
    return {
      kind: 'barrier',
      name: this.name,
      arrived: [...this.#waiting].map(({ request }) => request.owner),
      broken: this.#broken,
      closed: this.#closed,
    };
  }

  #break(): void {
    this.#broken = true;
    this.#settleAll(() => failed('broken'));
  }

  #settleAll(outcomeOf: (index: number) => Outcome): void {
    for (let index = 0; this.#waiting.head !== null; index += 1) {
      this.#waits.settle(this.#waiting.head.value, outcomeOf(index));
    }
  }
}
