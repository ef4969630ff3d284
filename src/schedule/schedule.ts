import type { RunDeed } from '../sync/run-deed.ts';

/**
 * What an instance does to primitives, or to others of the run, in the words of steps; `end` is its own end, `program` that of a command,
 * or that it acts next.
 */
export type ScheduledVerb = 'acquire' | 'release' | 'set' | 'clear' | 'wait' | 'notify' | 'put' | 'get' | 'abort' | 'reset' | 'timeout' | 'program' | RunDeed['verb'];

/**
 * How it comes out: it is `done`; it `waits`, and others let it go on; its time is over; or there is nothing more to wait for,
 * such as the end of a stream. A program `acts`, or is done, or `fails`, or `waits` until its time is over.
 */
export type ScheduledOutcome = 'done' | 'waits' | 'ends' | 'acts' | 'fails';

/** One primitive operation, as one moment of a schedule. */
export interface ScheduledOperation {
  /** The instance, or the slot of a pool. */
  readonly instance: string;
  readonly op: ScheduledVerb;
  /** The things that it is done to; those of an `acquire` are taken together. */
  readonly on: readonly string[];
  readonly outcome: ScheduledOutcome;
}

/** An order of operations, one after the other. */
export interface Schedule {
  readonly operations: readonly ScheduledOperation[];
  /** What is waited for in the end, and never comes. */
  readonly waiting: readonly Pick<ScheduledOperation, 'instance' | 'op' | 'on'>[];
  /** Programs that go on until they are stopped. */
  readonly endless: readonly string[];
  /** It says of everybody when he ends, and when he has waited for the end of others; else that comes when it comes. */
  readonly isWhole: boolean;
  /** Who never goes on in the end: all others are held back there, since one of them may end the run before that shows. Left out where nobody is. */
  readonly stuck?: readonly string[];
}
