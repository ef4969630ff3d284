import type { FailureReason, Owner } from './operation.ts';
import type { PrimitiveSnapshot } from './snapshot.ts';

/** A lock or a semaphore, as the shared list of waiting demands sees it. */
export interface Resource {
  readonly name: string;
  /** No demand goes past an earlier one. */
  readonly fair: boolean;
  /** Whether somebody who holds nothing could get a permit now. */
  hasFree(): boolean;
  /** Whether this owner can have so many permits now. */
  fits(owner: Owner, permits: number): boolean;
  /** Why this owner could wait for so many permits for ever; null where it could not. */
  hopeless(owner: Owner, permits: number, unlimited: boolean): FailureReason | null;
  /** Whether this owner is inside a reentrant lock. */
  isInside(owner: Owner): boolean;
  /** Gives permits that fit, and returns the fencing number of the grant. */
  take(owner: Owner, permits: number): number;
  /** Why this owner may not return so many permits, with a token only those of that grant; null where it may. */
  refusal(owner: Owner, permits: number, token: number | null): FailureReason | null;
  /** How many of so many permits this owner still has and may return, which is refused nowhere. */
  owed(owner: Owner, permits: number): number;
  /** Takes permits back that `refusal` or `owed` allows; returns how many of them were those of which other instances. */
  giveBack(owner: Owner, permits: number): ReadonlyMap<string, number>;
  /** Whether the instance holds anything of it. */
  isHeldBy(instance: string): boolean;
  /**
   * The instance, or one holder within it, has ended: takes back what it holds, and the next grant hears
   * of it. Returns whether the instance still holds anything.
   */
  ownerEnded(instance: string, holder: string | null): boolean;
  /** Whether a holder ended without releasing; telling it once is enough. */
  takeOwnerDied(): boolean;
  snapshot(): PrimitiveSnapshot;
}
