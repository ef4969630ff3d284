import type { Json } from '../base/json.ts';
import type { FailureReason, Outcome } from './operation.ts';

/** A request that got what it asked for, without holds or an item in hand. */
export function granted(value: Json = null): Outcome {
  return { status: 'granted', value, itemId: null, tokens: {}, ownerDied: [] };
}

/** A request that cannot succeed, now or ever. */
export function failed(reason: FailureReason): Outcome {
  return { status: 'failed', reason };
}

/** The time of the wait ran out. */
export const timedOut: Outcome = { status: 'timed_out' };

/** The wait was called off, or its owner ended. */
export const cancelled: Outcome = { status: 'cancelled' };
