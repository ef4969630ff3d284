import type { Json } from '../base/json.ts';
import type { Demand, Owner } from './operation.ts';

/** The complete state of all primitives: equal snapshots behave equally. JSON-safe. */
export interface SyncSnapshot {
  readonly primitives: readonly PrimitiveSnapshot[];
  /** Waiting requests in order of arrival. */
  readonly waiting: readonly WaitingSnapshot[];
}

/** One request that waits, and for what. */
export interface WaitingSnapshot {
  readonly requestId: number;
  readonly owner: Owner;
  readonly verb: string;
  readonly names: readonly string[];
  readonly deadlineMs: number | null;
}

/** Who holds how much of a lock or semaphore. */
export interface Holding {
  readonly owner: Owner;
  readonly permits: number;
  readonly token: number;
}

/** State of one primitive. */
export type PrimitiveSnapshot =
  | {
      readonly kind: 'lock' | 'semaphore';
      readonly name: string;
      /** Free permits; a lock has 1 or 0. */
      readonly free: number;
      readonly holdings: readonly Holding[];
      readonly nextToken: number;
      /** The last holder ended without releasing: the next grant says so. */
      readonly ownerDied: boolean;
    }
  | { readonly kind: 'event'; readonly name: string; readonly isSet: boolean; readonly orphaned: boolean }
  | { readonly kind: 'condition'; readonly name: string; readonly orphaned: boolean }
  | {
      readonly kind: 'barrier';
      readonly name: string;
      readonly arrived: readonly Owner[];
      readonly broken: boolean;
    }
  | {
      readonly kind: 'queue';
      readonly name: string;
      readonly items: readonly { readonly itemId: number; readonly value: Json; readonly priority: number }[];
      readonly inHand: readonly { readonly itemId: number; readonly value: Json; readonly instance: string }[];
      readonly unfinished: number;
      readonly ended: boolean;
      readonly broken: boolean;
    }
  | {
      readonly kind: 'pipe';
      readonly name: string;
      /** Messages on their way to each end. */
      readonly inbound: readonly [readonly Json[], readonly Json[]];
      readonly closed: readonly [boolean, boolean];
    }
  | { readonly kind: 'value'; readonly name: string; readonly value: Json };

/** A demand as text, for messages: `db`, `gpu ×2`. */
export function describeDemand(demand: Demand): string {
  return demand.permits === 1 ? demand.name : `${demand.name} ×${demand.permits}`;
}
