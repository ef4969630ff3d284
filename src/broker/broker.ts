import type { Closing } from '../sync/closing.ts';
import type { Outcome, Owner, SyncEvent, SyncRequest } from '../sync/operation.ts';
import type { PrimitiveView, SyncSnapshot } from '../sync/snapshot.ts';

/**
 * The one keeper of primitive state. Answers come through the listener, possibly in the same turn,
 * possibly later and in another order than they were asked: nothing may rely on either.
 */
export interface Broker {
  /** Asks one question. Of one with the number `unlisted` nobody has to hear. */
  request(request: SyncRequest, nowMs: number): void;
  /**
   * Asks without any time to wait, and gives the outcome itself, whatever `deadlineMs` says; everybody
   * else hears theirs through the listener. null from a broker that cannot tell at once: nothing was asked.
   */
  attempt(request: SyncRequest, nowMs: number): Outcome | null;
  /** Ends a wait as `cancelled`; one that has settled already is left alone. */
  cancel(requestId: number, nowMs: number): void;
  /** States that nobody can act any more. */
  close(closing: Closing, nowMs: number): void;
  /**
   * Everything that the instance holds is released, its waits are cancelled and its items in hand
   * are dropped or redelivered, in one step. `final` also closes its pipe ends.
   */
  ownerEnded(instance: string, final: boolean, nowMs: number): void;
  /** What one holder within an instance holds is released and its waits are cancelled, in one step. */
  holderEnded(owner: Owner, nowMs: number): void;
  /** Ends the waits whose deadline has passed. */
  expire(nowMs: number): void;
  /** When `expire` is next needed; null while no wait has a deadline. */
  nextDeadlineMs(): number | null;
  /** The state of everything, for views and for the search for deadlocks. */
  snapshot(): SyncSnapshot;
  /** The state of one primitive, and what waits at it; null where there is none of that name. */
  look(name: string): PrimitiveView | null;
  /** Hears every event from now on. */
  listen(listener: (event: SyncEvent) => void): void;
}
