import type { Closing } from '../../../src/sync/closing.ts';
import type { FailureReason, Outcome, Owner, SyncEvent, SyncRequest } from '../../../src/sync/operation.ts';
import type { Json } from '../../../src/base/json.ts';
import type { Model } from './machine.ts';

/** One waiting request of a model; `T` is what the model keeps with it. */
export interface Entry<T> {
  readonly request: SyncRequest;
  readonly deadlineMs: number | null;
  readonly detail: T;
}

/**
 * A model as one would write it on paper: everything that waits stands in one array in order of
 * arrival, and every question is answered by walking through it.
 */
export abstract class NaiveModel<T> implements Model {
  protected waiting: Entry<T>[] = [];
  #events: SyncEvent[] = [];

  request(request: SyncRequest, nowMs: number): SyncEvent[] {
    this.ask(request, nowMs);
    return this.#take();
  }

  cancel(requestId: number): SyncEvent[] {
    const entry = this.waiting.find(({ request }) => request.id === requestId);
    if (entry !== undefined) {
      this.settle(entry, { status: 'cancelled' });
      this.calledOff([entry]);
    }
    return this.#take();
  }

  close(closing: Closing): SyncEvent[] {
    this.closing(closing);
    return this.#take();
  }

  ownerEnded(instance: string, final: boolean): SyncEvent[] {
    const own = this.waiting.filter(({ request }) => request.owner.instance === instance);
    for (const entry of own) this.settle(entry, { status: 'cancelled' });
    this.calledOff(own);
    this.ended(instance, final);
    return this.#take();
  }

  holderEnded({ instance, holder }: Owner): SyncEvent[] {
    const own = this.waiting.filter(({ request: { owner } }) => owner.instance === instance && owner.holder === holder);
    for (const entry of own) this.settle(entry, { status: 'cancelled' });
    this.calledOff(own);
    this.letGo(instance, holder);
    return this.#take();
  }

  expire(nowMs: number): SyncEvent[] {
    for (let entry = this.#due(nowMs); entry !== undefined; entry = this.#due(nowMs)) this.timeOut(entry);
    return this.#take();
  }

  nextDeadlineMs(): number | null {
    const deadlines = this.waiting.flatMap(({ deadlineMs }) => deadlineMs ?? []);
    return deadlines.length === 0 ? null : Math.min(...deadlines);
  }

  /** Answers a request or puts it into `waiting`. */
  protected abstract ask(request: SyncRequest, nowMs: number): void;
  protected abstract closing(closing: Closing): void;
  protected abstract ended(instance: string, final: boolean): void;
  /** What one holder within an instance holds is free again; of most primitives nothing is held. */
  protected letGo(_instance: string, _holder: string): void {
    // Nothing is.
  }

  /** Entries have left without getting anything. */
  protected abstract calledOff(entries: readonly Entry<T>[]): void;

  protected timeOut(entry: Entry<T>): void {
    this.settle(entry, { status: 'timed_out' });
  }

  protected waitOrTimeOut(request: SyncRequest, nowMs: number, detail: T, deadlineMs = request.deadlineMs): boolean {
    if (deadlineMs !== null && deadlineMs <= nowMs) {
      this.answer(request, { status: 'timed_out' });
      return false;
    }
    this.waiting.push({ request, deadlineMs, detail });
    return true;
  }

  protected settle(entry: Entry<T>, outcome: Outcome): void {
    this.waiting = this.waiting.filter((other) => other !== entry);
    this.answer(entry.request, outcome);
  }

  protected answer(request: SyncRequest, outcome: Outcome): void {
    this.#events.push({ type: 'settled', requestId: request.id, outcome });
  }

  protected grant(request: SyncRequest, value: Json = null, itemId: number | null = null): void {
    this.answer(request, { status: 'granted', value, itemId, tokens: {}, ownerDied: [] });
  }

  protected fail(request: SyncRequest, reason: FailureReason): void {
    this.answer(request, { status: 'failed', reason });
  }

  protected failEntry(entry: Entry<T>, reason: FailureReason): void {
    this.settle(entry, { status: 'failed', reason });
  }

  protected report(event: SyncEvent): void {
    this.#events.push(event);
  }

  #due(nowMs: number): Entry<T> | undefined {
    return this.waiting
      .filter(({ deadlineMs }) => deadlineMs !== null && deadlineMs <= nowMs)
      .toSorted((a, b) => (a.deadlineMs ?? 0) - (b.deadlineMs ?? 0))[0];
  }

  #take(): SyncEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
