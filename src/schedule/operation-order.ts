import type { Closing } from '../sync/closing.ts';
import type { Outcome, SyncRequest } from '../sync/operation.ts';
import type { TurnRequest } from '../sync/run-deed.ts';

/** Times from here on are no times: a wait that has one ends when its order says so. */
export const orderedTimesMs = Number.MAX_SAFE_INTEGER / 2;

/** What is held back until its turn. */
export type HeldRequest = SyncRequest | TurnRequest;

/** What is to be done next to requests that were held back. */
export type Turn =
  /** It goes to the primitives, with this as the time of its wait; what they know nothing of has its turn. */
  | { readonly type: 'pass'; readonly request: HeldRequest }
  /** It is answered without them. */
  | { readonly type: 'answer'; readonly requestId: number; readonly outcome: Outcome }
  /** The waits end that have this as their time. */
  | { readonly type: 'expire'; readonly atMs: number }
  /** It was passed before, and is asked anew, with the time of its own. */
  | { readonly type: 'renew'; readonly request: SyncRequest }
  | { readonly type: 'close'; readonly closing: Closing };

/**
 * In which order the primitives of a run are asked: whatever comes is held back until its turn. It decides
 * alone, and does nothing itself.
 */
export interface OperationOrder {
  /** How long nothing else may have happened before the next turn, in ms. */
  readonly quietMs: number;
  /** Requests are held back, or others are yet to come before whatever else happens. */
  readonly isHolding: boolean;
  /** Those who wait for ever behind it, where it leads to that; none before its end. */
  readonly ledTo: ReadonlySet<string>;
  /** This request is held back. */
  holds(requestId: number): boolean;
  /** This request is held back, or waits without the time that it was given. */
  isUntimed(requestId: number): boolean;
  /** The time of an attempt of this instance, pool or slot is over, or that of a step or of a start wait, but does not run for now: it is held back, or waits to start, and its end is not next. */
  holdsUp(instance: string, isStartWait: boolean): boolean;
  /** A request has come; false where it need not wait for its turn. */
  offer(request: HeldRequest, nowMs: number): boolean;
  /** The same of a closing. */
  offerClosing(closing: Closing): boolean;
  /** Nobody wants it any more; false where it is not held back. */
  withdraw(requestId: number): boolean;
  /** What an instance that is over has done before, and did not wait for, as to set an event with its start; it is held back no longer, and done now. Left out where nothing of it is held back so long. */
  lastOf?(instance: string): readonly HeldRequest[];
  /** Those of an instance that are held back, which is over; they are so no longer. */
  withdrawAllOf(instance: string, isFinal: boolean): readonly number[];
  /** It was answered. */
  settled(requestId: number, outcome: Outcome): void;
  /** Some can never go on as things are; `isLive` tells of everybody else, who can. */
  noteStuck(isLive: (instance: string) => boolean): void;
  /** What is done next; null where nothing is for now. It is to be done before it is asked again. */
  next(nowMs: number): Turn | null;
}
