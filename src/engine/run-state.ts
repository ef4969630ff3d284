import type { InstancePlan } from '../plan/plan.ts';
import type { Timer } from './timers.ts';
import type { Unit } from './unit-state.ts';
import type { TimerPurpose } from './timer-purpose.ts';

/** What made the run end before everything had ended by itself; the first cause is kept. */
export type RunCause =
  | { readonly type: 'failure'; readonly why: string }
  | { readonly type: 'shutdown'; readonly code: number; readonly why: string }
  | { readonly type: 'timeout'; readonly why: string }
  | { readonly type: 'signal'; readonly signal: string; readonly why: string }
  | { readonly type: 'deadlock'; readonly why: string };

/**
 * Where the run stands. `main`: processes and pools. `stopping`: they are being stopped. `finally`:
 * they have all ended. `daemons`: the daemons are being stopped. `over`: nothing is left.
 */
export type RunPhase = 'main' | 'stopping' | 'finally' | 'daemons' | 'over';

/** The life of the run as a whole. */
export class RunState {
  phase: RunPhase = 'main';
  /** The first cause of an early end. */
  cause: RunCause | null = null;
  /** The first thing that counts and failed, also with `on_failure: continue`. */
  firstFailure: string | null = null;
  /** The first deadlock that was met, and whether nothing that counts had failed before it. */
  deadlock: { readonly why: string; readonly isFirst: boolean } | null = null;
  /** A signal that mpctl was sent; it dies of the first. */
  signal: string | null = null;
  /** How many rungs of the ladder have been climbed. */
  signals = 0;
  lastSignalMs = Number.NEGATIVE_INFINITY;
  /** When stopping the run began, and the time that `finally` took out of the budget. */
  stopBeganMs: number | null = null;
  finallyBeganMs: number | null = null;
  /** Each of `finally` that has no `timeout` has 30 s: there was a signal. */
  isFinallyLimited = false;
  finallyMs = 0;
  /** After a second signal: when whatever is left is killed, whatever the budget says. */
  hardDeadlineMs = Number.POSITIVE_INFINITY;
  /** Everything is to be killed at once. */
  killing = false;
  /** Of each kind, the place of one that had not ended when it was last looked. */
  readonly open = new Map<InstancePlan['kind'], number>();
  /** While the daemons are being stopped: kinds of which nothing is left. */
  readonly isOver = new Set<InstancePlan['kind']>();
  /** What has ended since the run last looked whether it can go on. */
  readonly justEnded: Unit[] = [];
  /** The phase and the kind of what was last looked through for something to stop. */
  swept = '';
  budgetTimer: Timer<TimerPurpose> | null = null;
  deadlockTimer: Timer<TimerPurpose> | null = null;
  /** The same search, when a program is to be looked at again. */
  lookTimer: Timer<TimerPurpose> | null = null;
}
