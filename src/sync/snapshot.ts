import type { Json } from '../base/json.ts';
import type { ReaderSnapshot } from './items-ahead.ts';
import type { Operation, Owner } from './operation.ts';
import type { ReservationSnapshot } from './reserved-room.ts';

/** The complete state of all primitives: equal snapshots behave equally. JSON-safe. */
export interface SyncSnapshot {
  readonly primitives: readonly PrimitiveSnapshot[];
  /** Waiting requests in order of arrival; a notified wait on a condition arrives anew at its lock. */
  readonly waiting: readonly WaitingSnapshot[];
}

/** One primitive and what waits at it, in order of arrival. */
export interface PrimitiveView {
  readonly primitive: PrimitiveLook;
  readonly waiting: readonly WaitingSnapshot[];
}

/** One request that waits, and for what. */
export interface WaitingSnapshot {
  readonly requestId: number;
  readonly owner: Owner;
  readonly verb: Operation['verb'];
  /** What it waits for now: of a `wait_condition` that only lacks its lock, the lock. */
  readonly names: readonly string[];
  /** Null also where only the return of a lock ends the wait. */
  readonly deadlineMs: number | null;
  /** What was asked, complete. */
  readonly operation: Operation;
  /** Of a `wait_condition`: how it gets its lock back; null of all others. */
  readonly reacquisition: Reacquisition | null;
}

/** A wait on a condition gave its lock up and ends only when it has it again. */
export interface Reacquisition {
  readonly lock: string;
  /** How often a reentrant lock was held; 1 of a plain lock. */
  readonly depth: number;
  /**
   * `notify`: it waits to be notified. Everything else: it waits for the lock, and then this is how
   * the wait ends.
   */
  readonly until: 'notify' | 'granted' | 'timed_out' | 'failed';
}

/** Who holds how much of a lock or semaphore. */
export interface Holding {
  readonly owner: Owner;
  /** Of a reentrant lock: how often it is held. */
  readonly permits: number;
  readonly token: number;
}

type QueueSnapshot = Extract<PrimitiveSnapshot, { kind: 'queue' }>;

/** A queue without its items, of which there may be a million: only how many wait. */
export type QueueLook = Omit<QueueSnapshot, 'items'> & { readonly items: { readonly length: number } };

/** What one may know of a primitive at a price that does not grow with what is in it. */
export type PrimitiveLook = Exclude<PrimitiveSnapshot, QueueSnapshot> | QueueLook;

/** State of one primitive. */
export type PrimitiveSnapshot =
  | {
      readonly kind: 'lock' | 'semaphore';
      readonly name: string;
      /** Free permits; a lock has 1 or 0. */
      readonly free: number;
      readonly holdings: readonly Holding[];
      readonly nextToken: number;
      /** A holder ended without releasing since the last grant: the next one says so. */
      readonly ownerDied: boolean;
      /** Its holder may release and take it again without asking. */
      readonly isDelegated: boolean;
    }
  | { readonly kind: 'event'; readonly name: string; readonly isSet: boolean; readonly orphaned: boolean }
  | { readonly kind: 'condition'; readonly name: string; readonly orphaned: boolean }
  | {
      readonly kind: 'barrier';
      readonly name: string;
      readonly arrived: readonly Owner[];
      readonly broken: boolean;
      /** Too few parties are left: it stays broken. */
      readonly closed: boolean;
    }
  | {
      readonly kind: 'queue';
      readonly name: string;
      readonly items: readonly { readonly itemId: number; readonly value: Json; readonly priority: number }[];
      readonly inHand: readonly { readonly itemId: number; readonly value: Json; readonly priority: number; readonly instance: string }[];
      /** What readers were lent ahead of their gets. */
      readonly ahead: readonly ReaderSnapshot[];
      /** Room that is kept for producers. */
      readonly reserved: readonly ReservationSnapshot[];
      /** Items that were put and are not done yet; `join_queue` waits for 0. */
      readonly unfinished: number;
      /** The next item's number; it rises with every item. */
      readonly nextItemId: number;
      /** Nobody can still put. */
      readonly ended: boolean;
      /** Nobody can still get. */
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
