import type { Json } from '../base/json.ts';

/** What is taken of one lock (always 1 permit) or semaphore. */
export interface Demand {
  readonly name: string;
  readonly permits: number;
}

/**
 * Who acts. Plain locks and permits belong to the instance; a reentrant lock belongs to the holder
 * within it (a thread of a worker; steps have the one holder `steps`).
 */
export interface Owner {
  readonly instance: string;
  readonly holder: string;
}

/** The holder that an instance's own life and its steps act as; its program's threads have others. */
export const stepsHolder = 'steps';

/** One thing a primitive can be asked, by a step, by the life cycle of an instance or by a worker. */
export type Operation =
  | { readonly verb: 'acquire'; readonly demands: readonly Demand[] }
  /**
   * With `token`, which one demand for a lock may have: only where it is still held by this very grant. With `isOwed`, at the
   * end of a `with`: as much of it as the owner still has, which is never refused.
   */
  | { readonly verb: 'release'; readonly demands: readonly Demand[]; readonly token?: number; readonly isOwed?: true }
  /**
   * From now on the owner, which holds the lock, may release and take it again without asking; nothing
   * else may be asked about the lock, nor its owner end, before it is reclaimed.
   */
  | { readonly verb: 'delegate'; readonly name: string }
  /** What the owner has done with a lock that was delegated to it: which grant was its last, and whether it holds it still. */
  | { readonly verb: 'reclaim'; readonly name: string; readonly token: number; readonly isHeld: boolean }
  /**
   * A lock that was delegated to the owner, and handed on since to others, comes back: `token` was its last grant,
   * by which `holder` holds it still; null where nobody does.
   */
  | { readonly verb: 'hand_back'; readonly name: string; readonly token: number; readonly holder: Owner | null }
  | { readonly verb: 'set'; readonly name: string }
  | { readonly verb: 'clear'; readonly name: string }
  | { readonly verb: 'wait_event'; readonly name: string }
  /**
   * Gives the condition's lock up and waits to be notified. However the wait ends (notified, timed
   * out, impossible), it ends with the lock held again; only one that is cancelled, or whose owner
   * ends, does not take it back. Asked without the lock it fails as `not_owner`. `runsItsTime`: where nobody can notify
   * it any more it does not fail, and waits for the rest of its time.
   */
  | { readonly verb: 'wait_condition'; readonly name: string; readonly runsItsTime?: true }
  | { readonly verb: 'notify'; readonly name: string; readonly count: number | 'all' }
  | { readonly verb: 'wait_barrier'; readonly name: string }
  | { readonly verb: 'abort_barrier'; readonly name: string }
  | { readonly verb: 'reset_barrier'; readonly name: string }
  | { readonly verb: 'put'; readonly name: string; readonly item: Json; readonly priority: number }
  /** As many of the items as there is room for, and at least one, waiting for it. */
  | {
      readonly verb: 'put_some';
      readonly name: string;
      readonly items: readonly Json[];
      readonly priority: number;
    }
  /** Keeps room of a bounded queue for this owner, up to `most`: a fair share of what is free while nobody waits for it. */
  | { readonly verb: 'reserve'; readonly name: string; readonly most: number }
  /** Puts into what is reserved, as far as it is, and lets `freed` more of it go. */
  | { readonly verb: 'put_reserved'; readonly name: string; readonly items: readonly Json[]; readonly freed: number }
  /** `inHand: true` keeps the item in hand until `item_done` or `task_done`; false: done at once. */
  | { readonly verb: 'get'; readonly name: string; readonly inHand: boolean }
  /**
   * As many items as there are up to `max`, and at least one, waiting for it. With `taken`, only the first
   * of them is the caller's: the others are on loan, to be taken by its next gets without asking, until
   * a later `taken` says how many of those it took in all. Only a queue in order of arrival lends.
   */
  | {
      readonly verb: 'get_some';
      readonly name: string;
      readonly inHand: boolean;
      readonly max: number;
      readonly taken: number | null;
    }
  /** The caller has taken so many in all of what it was lent, and gives the last `count` of it back. */
  | { readonly verb: 'give_back'; readonly name: string; readonly taken: number; readonly count: number }
  /** The item that a `get` gave is done (end of an `each` round, fate of a pool's task). */
  | { readonly verb: 'item_done'; readonly name: string; readonly itemId: number }
  /**
   * JoinableQueue.task_done: the oldest item that this instance has in hand is done. Those `ofEach` are done after the
   * steps of their `each` anyway: they come last.
   */
  | { readonly verb: 'task_done'; readonly name: string; readonly ofEach?: readonly number[] }
  /** JoinableQueue.join: until every item that was put is done. */
  | { readonly verb: 'join_queue'; readonly name: string }
  | { readonly verb: 'send'; readonly name: string; readonly item: Json }
  | { readonly verb: 'receive'; readonly name: string }
  /** Messages that the caller received and did not take are the next ones to be received at its end, in this order. */
  | { readonly verb: 'take_back'; readonly name: string; readonly items: readonly Json[] }
  /** Connection.poll: until a message or the end of stream can be received, without taking it. */
  | { readonly verb: 'poll'; readonly name: string }
  /** The owner's end of a pipe is closed for both directions. */
  | { readonly verb: 'close_pipe'; readonly name: string }
  | { readonly verb: 'load'; readonly name: string }
  | { readonly verb: 'store'; readonly name: string; readonly item: Json }
  | { readonly verb: 'add'; readonly name: string; readonly by: number }
  | { readonly verb: 'compare_and_set'; readonly name: string; readonly expected: Json; readonly item: Json };

/** One question to the primitives; it gets exactly one outcome. */
export interface SyncRequest {
  /** Unique in the run; also the order of arrival. */
  readonly id: number;
  readonly owner: Owner;
  readonly operation: Operation;
  /**
   * Absolute time in ms on the caller's monotonic clock after which the wait ends as `timed_out`;
   * null waits without limit; a time not after `nowMs` never waits (`block: false`).
   */
  readonly deadlineMs: number | null;
}

/** Why a request cannot succeed, now or ever. */
export type FailureReason =
  | 'end_of_stream' // get, receive: empty and nobody can still put or send
  | 'broken' // put, send: nobody can still take; a barrier that is broken
  | 'impossible' // a wait that can no longer come true (language page, semantics 4)
  | 'demand_exceeds_permits' // more permits than the semaphore will ever have
  | 'would_deadlock_on_itself' // a plain lock acquired without limit by the holder that has it, or that its instance's own life has
  | 'not_owner' // release, wait_condition or notify without holding the lock; a pipe end that is not the caller's
  | 'not_delegable' // delegate of a lock that others wait for, that is reentrant, belongs to a condition, or is not held by the owner
  | 'over_released' // one release too many of a bounded semaphore
  | 'nothing_in_hand' // task_done without an item in hand
  | 'closed' // the caller closed its own end before
  | 'wrong_type' // add to a value that is not a number
  | 'inexact'; // add whose sum of whole numbers is none that is counted exactly, or none at all

/** The one outcome of a request. */
export type Outcome =
  | {
      readonly status: 'granted';
      /**
       * get, receive, load, add: the value. wait_barrier: the index of arrival from 0.
       * compare_and_set: whether it was set. delegate: the token of the grant. put_some, put_reserved: how many
       * were put. reserve: how much. get_some: the items.
       * All others: null.
       */
      readonly value: Json;
      /** Of an item in hand: what `item_done` names. */
      readonly itemId: number | null;
      /**
       * Fencing number of each granted lock and semaphore, rising with every grant of it; entering a
       * reentrant lock again repeats the number of its first entry.
       */
      readonly tokens: Readonly<Record<string, number>>;
      /** Locks and semaphores whose previous holder ended without releasing them. */
      readonly ownerDied: readonly string[];
    }
  | { readonly status: 'timed_out' }
  | { readonly status: 'cancelled' }
  | { readonly status: 'failed'; readonly reason: FailureReason };

/** What the primitives report back; every request settles exactly once. */
export type SyncEvent =
  | { readonly type: 'settled'; readonly requestId: number; readonly outcome: Outcome }
  /** A consumer ended with items in hand and the queue's policy dropped them. */
  | { readonly type: 'items_dropped'; readonly queue: string; readonly instance: string; readonly count: number }
  /** Others need what a reader was lent and has not taken: it is to `give_back`. */
  | { readonly type: 'recall'; readonly queue: string; readonly owner: Owner }
  /** The other end of a pipe has closed: what `instance` sends now nobody receives. */
  | { readonly type: 'pipe_ended'; readonly pipe: string; readonly instance: string }
  /** A lock came back from its delegation, and its holder had released it by itself. */
  | { readonly type: 'reclaimed_free'; readonly lock: string; readonly owner: Owner }
  /** An instance without so many permits of its own returned some of somebody else's. */
  | { readonly type: 'foreign_release'; readonly semaphore: string; readonly instance: string; readonly from: string; readonly permits: number };
