import { ShortLivedMap } from '../base/short-lived-map.ts';
import type { Timer } from './timers.ts';
import type { TimerPurpose } from './timer-purpose.ts';
import type { Caller, EngineCall } from './caller.ts';

/** A call that has not been answered yet. */
export interface PendingCall {
  /** As the door numbers it; unique in the run. */
  readonly id: number;
  readonly caller: Caller;
  readonly call: EngineCall;
  /** What it waits for at the broker. */
  requestId: number | null;
  /** Its time, where the broker does not keep it. */
  timer: Timer<TimerPurpose> | null;
  /** When it has to be done; set when it first asks the broker. */
  deadlineMs?: number | null;
  /** Items put so far. */
  progress: number;
  /** Whether the caller wants no more of it: what the broker has granted by then is all. */
  isCalledOff: boolean;
}

/** The calls under way, by number and by who asked. */
export class PendingCalls {
  readonly #byId = new ShortLivedMap<number, PendingCall>();
  readonly #byInstance = new Map<string, Set<PendingCall>>();
  readonly #watching = new Set<PendingCall>();
  readonly #callers = new Set<string>();
  readonly #leaving = new Set<string>();

  get(id: number): PendingCall | undefined {
    return this.#byId.get(id);
  }

  /** Those of one instance, in order of arrival; a copy, since ending one changes them. */
  of(instance: string): readonly PendingCall[] {
    return [...(this.#byInstance.get(instance) ?? [])];
  }

  /** Whether an instance has ever asked anything. */
  haveComeFrom(instance: string): boolean {
    return this.#callers.has(instance);
  }

  /** A program of the instance has been sent its stop signal: from now on it waits for nothing. */
  leave(instance: string): void {
    this.#leaving.add(instance);
  }

  /** That program has ended; another one may wait again. */
  left(instance: string): void {
    this.#leaving.delete(instance);
  }

  isLeaving(instance: string): boolean {
    return this.#leaving.has(instance);
  }

  get isWatching(): boolean {
    return this.#watching.size > 0;
  }

  /** Those that wait for the end of something or the fate of a task. */
  get watching(): Iterable<PendingCall> {
    return this.#watching;
  }

  add(pending: PendingCall): void {
    this.#byId.set(pending.id, pending);
    const siblings = this.#byInstance.get(pending.caller.instance);
    if (siblings === undefined) {
      this.#byInstance.set(pending.caller.instance, new Set([pending]));
      this.#callers.add(pending.caller.instance);
    } else {
      siblings.add(pending);
    }
  }

  watch(pending: PendingCall): void {
    this.#watching.add(pending);
  }

  /** False where it had been answered before. */
  remove(pending: PendingCall): boolean {
    if (!this.#byId.delete(pending.id)) return false;
    this.#watching.delete(pending);
    const siblings = this.#byInstance.get(pending.caller.instance);
    siblings?.delete(pending);
    if (siblings?.size === 0) this.#byInstance.delete(pending.caller.instance);
    return true;
  }
}
