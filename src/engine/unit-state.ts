import type { ShortLivedMap } from '../base/short-lived-map.ts';
import type { Json } from '../base/json.ts';
import type { ReadyList } from '../base/ready-list.ts';
import type { InstancePlan, PoolPlan, TaskFate } from '../plan/plan.ts';
import type { ProcessKey } from './engine-event.ts';
import type { EndReason, EndState, WaitReason } from './run-event.ts';
import type { Timer } from './timers.ts';
import type { TimerPurpose } from './timer-purpose.ts';

/** How an instance or pool ended for good; the first cause. */
export interface UnitEnd {
  readonly state: EndState;
  readonly reason: EndReason;
  readonly why: string;
  /** What would mend it, where that is known. */
  readonly hint?: string | null;
  readonly exitcode: number | null;
  readonly signal: string | null;
  /** It counts: the run fails because of it. */
  readonly failsRun: boolean;
}

/**
 * Where something stands in its life. `idle` has not been started, `dependencies`, `events` and
 * `barriers` are the start waits in their order, `holds` waits for what it will hold, `starting` and
 * `running` speak for themselves, `backoff` is between two attempts, `ended` is for good.
 */
export type Phase =
  | 'idle'
  | 'dependencies'
  | 'events'
  | 'barriers'
  | 'holds'
  | 'starting'
  | 'running'
  | 'backoff'
  | 'ended';

/** What instances and pools have in common while they wait to start. */
export interface StartState {
  phase: Phase;
  /** When it came to it, or to be ready. */
  sinceMs: number;
  /** Set when it was asked to end for good; then it never starts again. */
  stopWhy: string | null;
  /** One per dependency that has a timeout. */
  readonly dependencyTimers: (Timer<TimerPurpose> | null)[];
  /** Start waits that have not been granted yet, by request. */
  readonly startRequests: Map<number, number>;
  barrierIndex: number;
  /** Moments that have come; `exit` and outcomes only once it has ended for good. */
  hasStarted: boolean;
  isReady: boolean;
  end: UnitEnd | null;
  firstStartedMs: number | null;
  waits: readonly WaitReason[];
  /** Of what runs in `finally`, after a signal. */
  finallyTimer: Timer<TimerPurpose> | null;
}

/** One instance, over all its attempts. */
export interface InstanceState extends StartState {
  readonly type: 'instance';
  readonly plan: InstancePlan;
  readonly name: string;
  attempt: number;
  holdRequest: number | null;
  /** The running command of this attempt; null for steps. */
  process: ProcessKey | null;
  /** Id of the running steps of this attempt; null for a command. */
  machine: string | null;
  /** Why its attempt was asked to make room for the next; null while it was not. */
  restartWhy: string | null;
  attemptTimer: Timer<TimerPurpose> | null;
  backoffTimer: Timer<TimerPurpose> | null;
  /** Times of the restarts that still count against `max_restarts`. */
  restartTimesMs: number[];
  pid: number | null;
  /** How its last attempt ended; null before the end of the first, and where no process of it has an exit code. */
  lastExit: { readonly exitcode: number | null; readonly signal: string | null } | null;
  /** The first cause of the end of this attempt; null while nothing but itself ended it. */
  cause: { readonly reason: EndReason; readonly why: string } | null;
  /** Fencing numbers of what it holds, for `MPCTL_TOKEN_*`. */
  tokens: Readonly<Record<string, number>>;
  /** With what it waited in when it was asked. */
  probe: { readonly id: number; readonly kind: 'readiness' | 'liveness'; readonly wait: string } | null;
  /** What it waited in when the last liveness probe of this attempt was asked; null where there was none, or it failed. */
  passedWait: string | null;
  probeTimer: Timer<TimerPurpose> | null;
  probeFailures: number;
}

/** One task of a pool. */
export interface TaskState {
  readonly index: number;
  readonly item: Json;
  /** Why it has no item: it fails without an attempt; null where it has one. */
  readonly refusal: string | null;
  /** The item of a queue that is in hand until the task has its fate. */
  readonly queueItem: number | null;
  attempt: number;
  /** `given`: in the hands of a long-lived worker that has not come to it yet. */
  phase: 'ready' | 'holds' | 'given' | 'running' | 'backoff' | 'ended';
  slot: number | null;
  holdRequest: number | null;
  /** Fencing numbers of the locks that it holds. */
  tokens: Readonly<Record<string, number>>;
  process: ProcessKey | null;
  machine: string | null;
  timer: Timer<TimerPurpose> | null;
  startedMs: number | null;
  /** When its last attempt was started, and what that has written. */
  attemptStartedMs: number | null;
  stdoutBytes: number;
  /** Of its output, where that is too long to be its value; null where it is not. */
  outputFile: string | null;
  fate: TaskFate | null;
  value: Json;
  /** It is long, and with the record that was held back; here it is null. */
  isValueHeld: boolean;
  exitcode: number | null;
  signal: string | null;
  why: string;
  /** What would mend it, where that is known. */
  hint: string | null;
  endedMs: number | null;
  /** The last slot that ran it, from 1. */
  worker: number | null;
  command: string;
  /** The time of its steps was over: the first cause of their end. */
  timedOut: boolean;
}

/**
 * The long-lived worker of a slot. `absent`: it is started with the next task of its slot. On its way it
 * is `initializing`, then `starting`; `serving` it takes tasks. `ending`: it takes none any more, and its
 * slot is not free until nothing of it is left.
 */
export interface WorkerState {
  readonly slot: number;
  phase: 'absent' | 'initializing' | 'starting' | 'serving' | 'ending';
  /** Its process or that of its initializer; null while it is absent. */
  key: ProcessKey | null;
  /** What it was given and has not answered yet, in order: it runs the first, the others are in reserve. */
  readonly tasks: TaskState[];
  /** Those at the end of them that are sent together with what it is given besides in the same step. */
  unsent: TaskState[];
  /** So many its process was given, and has answered. */
  given: number;
  answered: number;
  /** What one of the tasks took that it has answered last, in ms; for ever before the first. */
  paceMs: number;
  /** When its first task became that. */
  sinceMs: number;
  /** When its first task has taken too long; the timer may be due earlier, and is armed anew then. */
  deadlineMs: number;
  timer: Timer<TimerPurpose> | null;
  /** From 1: its number among those that the slot has had. */
  number: number;
}

/** One pool. */
export interface PoolState extends StartState {
  readonly type: 'pool';
  readonly plan: PoolPlan;
  readonly name: string;
  /** From 1: how often it was begun. */
  life: number;
  /** How many tasks its earlier lives had; a task counts from there on where it is asked for later. */
  tasksBefore: number;
  /** Tasks that have not been recorded yet, by index. */
  readonly tasks: ShortLivedMap<number, TaskState>;
  taskCount: number;
  /** So many of them have not ended. */
  withoutFate: number;
  /** Indexes that wait for a slot, in order. */
  readonly ready: ReadyList;
  /** Tasks that have ended and are not recorded yet, in order of their end. */
  unrecorded: TaskState[];
  /** Free slots, lowest first, from 1. */
  readonly freeSlots: number[];
  /** Of free slots that take a task only in their turn, the request for that; null where it has come. */
  readonly takes: Map<number, number | null>;
  sourceState: 'unread' | 'reading' | 'open' | 'ended';
  sourceIndex: number;
  /** The request that waits for the next task from a queue. */
  getRequest: number | null;
  /** The task at the head that waits for its holds. */
  holding: number | null;
  /** Next task whose record is due, for `order: input`. */
  nextRecord: number;
  recordPut: number | null;
  readonly pendingRecords: Json[];
  /** Those of an earlier run included. */
  succeeded: number;
  /** Of them, those that this run goes on from. */
  succeededBefore: number;
  /** Tasks of an earlier run that had not succeeded, and that its source does not have any more. */
  missing: number;
  /** Tasks that do not run because they have not failed before. */
  leftOut: number;
  /** It was told that the item of a task has changed since the earlier run. */
  hasToldChange: boolean;
  failed: number;
  cancelled: number;
  running: number;
  /** Why it takes no more tasks and fails, before it was asked to stop; null while nothing has halted it. */
  halted: string | null;
  /** What would mend what has halted it, where that is known. */
  hint: string | null;
  /** Somebody may still submit. */
  submitOpen: boolean;
  /** Values of tasks that a `submit` handle may still ask for, by their number over all lives. */
  readonly submitted: Map<number, { fate: TaskFate; value: Json; why: string; name: string } | null>;
  lastProgressMs: number;
  /** Where its results go, completed when it starts; null before. */
  files: PoolFiles | null;
  filesState: 'none' | 'opening' | 'open' | 'closing' | 'closed';
  /** Which of them could not be written, and why; null where nothing was lost. */
  filesFailure: string | null;
  /** It was halted or stopped before its source had been read to the end. */
  isCutOff: boolean;
  /** Of the cancelled tasks, those of a range that were never made. */
  notBegun: number;
  /** Tells how far it is when that may be told again. */
  progressTimer: Timer<TimerPurpose> | null;
  /** The first tasks that failed, as they are named. */
  readonly firstFailures: { readonly name: string; readonly why: string }[];
  /** Its long-lived workers, by slot; empty where it has none. */
  readonly crew: readonly WorkerState[];
  /** So many of them in a row have ended without an answer. */
  fruitless: number;
}

/** The files of a pool, as its working folder has them; null where it writes none. */
export interface PoolFiles {
  readonly results: string | null;
  readonly joblog: string | null;
}

/** Whatever has a life of its own in a run. */
export type Unit = InstanceState | PoolState;
