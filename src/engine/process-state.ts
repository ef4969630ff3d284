import type { StopPlan } from '../plan/plan.ts';
import type { SpawnOrder } from './effect.ts';
import type { ProcessExit, ProcessKey } from './engine-event.ts';
import type { Timer } from './timers.ts';
import type { TimerPurpose } from './timer-purpose.ts';

/** Whose process it is, and so who hears of its end. */
export type ProcessPurpose =
  | { readonly type: 'main'; readonly instance: string }
  | { readonly type: 'step'; readonly machine: string }
  | { readonly type: 'task'; readonly pool: string; readonly task: number }
  /** The long-lived worker of a slot, or what runs before it. */
  | { readonly type: 'worker' | 'initializer'; readonly pool: string; readonly slot: number }
  /** A `stop.command`: when it has ended, `target` gets its signal. */
  | { readonly type: 'stop_command'; readonly target: ProcessKey };

/** Why mpctl ended a process; the first cause wins and is kept. */
export type StopCause = 'stopped' | 'timed_out' | 'unready' | 'step_failed' | 'lost';

/** How a process failed to start. */
export interface SpawnFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly exitCode: number;
}

/** A line on its way into a queue; `mostBytes` where it has more than an item may have. */
export interface PendingLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  readonly mostBytes?: number;
}

/** One process from the order to spawn it until nothing of it is left. */
export interface ProcessState {
  readonly key: ProcessKey;
  readonly instance: string;
  readonly purpose: ProcessPurpose;
  readonly stop: StopPlan;
  /** Where and with what it was started, as its stop command is. */
  readonly surroundings: Pick<SpawnOrder, 'workingDir' | 'environment' | 'maxLineBytes'>;
  readonly startedMs: number;
  pid: number | null;
  exit: ProcessExit | null;
  failure: SpawnFailure | null;
  drained: boolean;
  groupIsAlive: boolean;
  captured: string | null;
  /** So much of its standard output mpctl has read. */
  stdoutBytes: number;
  /** Of standard output, where that is too long to be kept; null where it is not. */
  file: string | null;
  /** What made us stop it, and the sentence for people; null while nobody did. */
  stopping: { readonly cause: StopCause; readonly why: string } | null;
  /** How far the ladder has gone for it. */
  stage: 'none' | 'command' | 'signalled' | 'killed';
  graceTimer: Timer<TimerPurpose> | null;
  /** Lines on their way into a queue (`stdout: {queue}`), oldest first. */
  readonly pendingLines: PendingLine[];
  /** Characters of all of them. */
  pendingCharacters: number;
  linePut: number | null;
  /**
   * What becomes of its lines: `put`, each waits for room; `offered`, each is put if there is room now;
   * `dropped`, none is put any more.
   */
  lineState: 'put' | 'offered' | 'dropped';
  /** Lines that no queue has taken, where nobody is told so otherwise. */
  droppedLines: number;
  outputPaused: boolean;
  /** Why a line of it was refused: it has failed, however it ended. */
  refusal: string | null;
  /** Whoever it belongs to is being stopped: once its leader has ended, nobody waits for room for its lines. */
  isAbandoned: boolean;
  /** The request that waits for the next item of `stdin: {queue}`. */
  inputGet: number | null;
  inputState: 'none' | 'open' | 'full' | 'ended';
}
