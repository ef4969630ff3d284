import type { Json } from '../base/json.ts';
import type { Operation } from '../sync/operation.ts';

/** How long a call may wait, in ms; null without limit, 0 not at all. */
export type TimeoutMs = number | null;

/** The kinds of things that the spec names, as methods begin with them. */
export type ThingKind =
  | 'lock'
  | 'semaphore'
  | 'event'
  | 'barrier'
  | 'condition'
  | 'queue'
  | 'pipe'
  | 'value'
  | 'pool'
  | 'process';

/** The moments of a process or pool that something can wait for. */
export const momentNames = ['start', 'ready', 'success', 'failure', 'exit'] as const;

/** One of them. */
export type MomentName = (typeof momentNames)[number];

/** One thing that a worker, or a person at another terminal, can ask of a run. */
export type Call =
  /** Answered by the primitives. `kind` is what the names in the operation have to be. */
  | { readonly type: 'operation'; readonly kind: ThingKind; readonly operation: Operation; readonly timeoutMs: TimeoutMs }
  /** One message, and from then on what comes is sent to this connection before it asks. */
  | { readonly type: 'receive_ahead'; readonly name: string; readonly timeoutMs: TimeoutMs }
  /** One message, whose answer may say how the next ones come to the other end without asking. */
  | { readonly type: 'send_directly'; readonly name: string; readonly item: Json; readonly timeoutMs: TimeoutMs }
  /** Several items in order; the answer tells how many were put before the time was over. */
  | {
      readonly type: 'put_all';
      readonly name: string;
      readonly items: readonly Json[];
      readonly priority: number;
      /** The batch of a spool that these are; null where they were in none. */
      readonly batch: number | null;
      /** The last grant of credit that the caller has heard of, which it uses no more; null where it wants none. */
      readonly grant: number | null;
      readonly timeoutMs: TimeoutMs;
    }
  /** A file in which this connection collects what it puts, so that it is not lost with the process. */
  | { readonly type: 'spool'; readonly name: string }
  /** There is something new in the file of this connection for a bounded queue. */
  | { readonly type: 'spooled'; readonly name: string }
  /** One item, waiting for it, and those behind it that are there, `max` in all. */
  | {
      readonly type: 'get_some';
      readonly name: string;
      readonly max: number;
      /** How many the caller has taken of what it was lent; null borrows nothing. */
      readonly taken: number | null;
      readonly timeoutMs: TimeoutMs;
    }
  /** As `look` of a pipe, and this connection is told when the other end closes. */
  | { readonly type: 'watch_pipe'; readonly name: string }
  /** A file in which this process counts what it takes of what it is lent; recalls come on this connection. */
  | { readonly type: 'tally'; readonly name: string }
  /** A file through which the caller, which holds the lock, may release and take it without asking. */
  | { readonly type: 'delegate'; readonly name: string }
  /** A bell, by which others may hand the lock on to the caller when it waits for it. */
  | { readonly type: 'handoff'; readonly name: string }
  /** What has come of a wait for a lock that others were to hand on to the caller. */
  | { readonly type: 'claim'; readonly name: string }
  /** The caller waits no more for a lock that others were to hand on to it, and has no use for it. */
  | { readonly type: 'leave'; readonly name: string }
  /** A file in which the caller counts what it takes of the messages that are sent ahead of its receipts. */
  | { readonly type: 'ahead'; readonly name: string }
  /** The state of one primitive, without waiting. */
  | { readonly type: 'look'; readonly kind: ThingKind; readonly name: string }
  /** One primitive, or with null all of them: state, who waits there in order, and who can still wake them. */
  | { readonly type: 'look_at_things'; readonly name: string | null }
  /** This instance puts or submits no more. */
  | { readonly type: 'close'; readonly kind: 'queue' | 'pool'; readonly name: string }
  | { readonly type: 'submit'; readonly pool: string; readonly items: readonly Json[] }
  | { readonly type: 'result'; readonly pool: string; readonly task: number; readonly timeoutMs: TimeoutMs }
  | { readonly type: 'list_processes' }
  | { readonly type: 'start'; readonly name: string }
  | { readonly type: 'stop'; readonly kind: 'process' | 'pool'; readonly name: string; readonly kill: boolean }
  | { readonly type: 'join'; readonly kind: 'process' | 'pool'; readonly name: string; readonly timeoutMs: TimeoutMs }
  /** A moment of all instances of a process, or of a pool (language page, "Moments"). */
  | { readonly type: 'await'; readonly name: string; readonly moment: MomentName; readonly timeoutMs: TimeoutMs }
  /** A new attempt of what runs, or a new life of what has ended. */
  | { readonly type: 'restart'; readonly name: string }
  | { readonly type: 'signal'; readonly name: string; readonly signal: string }
  /** The whole run as it stands. */
  | { readonly type: 'look_at_run'; readonly name: string | null }
  | { readonly type: 'ready' }
  | { readonly type: 'shutdown'; readonly code: number };
