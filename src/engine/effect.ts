import type { Json } from '../base/json.ts';
import type { ProbePlan } from '../plan/plan.ts';
import type { Closing } from '../sync/closing.ts';
import type { Owner, SyncRequest } from '../sync/operation.ts';
import type { TurnRequest } from '../sync/run-deed.ts';
import type { Answer } from './caller.ts';
import type { ProcessKey } from './engine-event.ts';
import type { RunEventBody } from './run-event.ts';

/** Where a stream of a process comes from or goes to, all texts completed. */
export type InputTarget =
  | { readonly type: 'null' }
  | { readonly type: 'inherit' }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'file'; readonly file: string }
  /** Lines that the engine writes with `write_line`. */
  | { readonly type: 'lines' }
  /** Tasks that the engine hands over with `send_tasks`. */
  | { readonly type: 'tasks' }
  | { readonly type: 'pipe'; readonly pipe: string };

/** Where output goes; `capture` hands it to the engine with `drained` and logs nothing. */
export type OutputTarget =
  | { readonly type: 'log' }
  | { readonly type: 'inherit' }
  | { readonly type: 'null' }
  | { readonly type: 'file'; readonly file: string }
  | { readonly type: 'capture' }
  /** Each line comes back as a `line` event. */
  | { readonly type: 'lines' }
  /** Answers of a long-lived worker, which come back as `answers`. */
  | { readonly type: 'answers' }
  | { readonly type: 'pipe'; readonly pipe: string };

/** Everything needed to start one process, without any decision left. */
export interface SpawnOrder {
  readonly key: ProcessKey;
  /** Name for output and logs. */
  readonly instance: string;
  readonly argv: readonly string[];
  readonly workingDir: string;
  /**
   * On top of mpctl's own environment, later entries winning; null restores mpctl's own value.
   */
  readonly environment: readonly (readonly [name: string, value: string | null])[];
  readonly stdin: InputTarget;
  readonly stdout: OutputTarget;
  readonly stderr: OutputTarget;
  /** Keep a copy of stdout for `drained` although it goes to the log. */
  readonly collect: boolean;
  readonly tty: boolean;
  /** The jobserver of its pool that is offered to it; null without one. */
  readonly jobserver: string | null;
  /** One of many commands of this instance, which may share what starts them. */
  readonly slot: boolean;
  /** Longest line in bytes before it is split. */
  readonly maxLineBytes: number;
  /** The attempt of its instance that it may say to be ready, where that is asked for. */
  readonly notifies?: number;
}

/** One line of a pool's `results`. */
export interface TaskRecord {
  readonly task: number;
  readonly item: Json;
  readonly fate: string;
  readonly value: Json;
  /** The value is that of the record that was held back, and here null. */
  readonly isValueHeld?: true;
  /** What it has written, where that is too long to be its value. */
  readonly outputFile: string | null;
  readonly exitcode: number | null;
  readonly signal: string | null;
  readonly attempts: number;
  readonly worker: number | null;
  /** Milliseconds since the run began; null when it never started. */
  readonly startedMs: number | null;
  readonly durationMs: number;
  /** For the job log: the last attempt alone, and how much of its standard output mpctl has read. */
  readonly lastAttempt: { readonly startedMs: number | null; readonly durationMs: number; readonly stdoutBytes: number };
  /** As it was written, with the item filled in, for the job log. */
  readonly command: string;
}

/** How the whole run ended. */
export interface RunEnd {
  readonly outcome: 'success' | 'failure' | 'timed_out' | 'cancelled';
  readonly exitCode: number;
  /** The signal that mpctl must die of; null for a plain exit code. */
  readonly signal: string | null;
  readonly why: string;
}

/** What the engine wants done. Effects are carried out in order; their results come back as events. */
export type Effect =
  | { readonly type: 'spawn'; readonly order: SpawnOrder }
  /** To the whole process group. */
  | { readonly type: 'signal'; readonly key: ProcessKey; readonly signal: string }
  | { readonly type: 'write_line'; readonly key: ProcessKey; readonly text: string }
  /** A line for each task to the standard input of a long-lived worker. */
  | { readonly type: 'send_tasks'; readonly key: ProcessKey; readonly tasks: readonly { readonly index: number; readonly item: Json }[] }
  | { readonly type: 'end_input'; readonly key: ProcessKey }
  | { readonly type: 'pause_output'; readonly key: ProcessKey }
  | { readonly type: 'resume_output'; readonly key: ProcessKey }
  | {
      readonly type: 'probe';
      readonly probe: number;
      /** The instance whose output a `log_line` probe watches. */
      readonly instance: string;
      /** Of the instance. */
      readonly attempt: number;
      readonly plan: ProbePlan;
      readonly argv: readonly string[];
      readonly workingDir: string;
      readonly environment: readonly (readonly [name: string, value: string | null])[];
    }
  | { readonly type: 'cancel_probe'; readonly probe: number }
  | { readonly type: 'request'; readonly request: SyncRequest }
  /** Only where requests are held back; it is answered as those are, and ended by `cancel_request`. */
  | { readonly type: 'request_turn'; readonly request: TurnRequest }
  | { readonly type: 'cancel_request'; readonly requestId: number }
  | { readonly type: 'close'; readonly closing: Closing }
  /** What a running command is at just now, to be answered with `program_seen`. */
  | { readonly type: 'look_at_program'; readonly key: ProcessKey }
  /** To be answered with `echoed`, after every answer of the broker to what came before. */
  | { readonly type: 'echo'; readonly look: number }
  | { readonly type: 'answer'; readonly call: number; readonly answer: Answer }
  /** What one holder within an instance holds is released, and its waits are called off. */
  | { readonly type: 'holder_ended'; readonly instance: string; readonly holder: string }
  | { readonly type: 'owner_ended'; readonly instance: string; readonly final: boolean }
  /** The other end of a pipe of the instance has closed. */
  | { readonly type: 'pipe_ended'; readonly pipe: string; readonly instance: string }
  /** Others need what a reader was lent of a queue. */
  | { readonly type: 'recall'; readonly queue: string; readonly owner: Owner }
  /** A line that a `print` step writes. `machine` is to be answered with `printed`; null where nobody waits for it. */
  | {
      readonly type: 'print';
      readonly instance: string;
      readonly target: OutputTarget;
      readonly workingDir: string;
      readonly text: string;
      readonly machine: string | null;
    }
  /** The next token of a jobserver is to be read, which is told with `token_read`. */
  | { readonly type: 'ask_token'; readonly jobserver: string }
  /** It is no longer to be read: `token_unasked`, unless it was read before. */
  | { readonly type: 'unask_token'; readonly jobserver: string }
  /** One that was read goes back. */
  | { readonly type: 'put_back_token'; readonly jobserver: string }
  /** So many there are from now on, with those that were read and not put back. */
  | { readonly type: 'fill_jobserver'; readonly jobserver: string; readonly tokens: number }
  | { readonly type: 'report'; readonly event: RunEventBody }
  /** At most `count` more items of a pool's source, which the outside reads. */
  | {
      readonly type: 'read_tasks';
      readonly pool: string;
      /** Of the pool: another one reads files and names from their beginning; standard input goes on. */
      readonly life: number;
      readonly source:
        | { readonly type: 'lines'; readonly file: string; readonly format: 'text' | 'json' }
        | { readonly type: 'stdin'; readonly format: 'text' | 'json' }
        | { readonly type: 'glob'; readonly pattern: string };
      readonly workingDir: string;
      readonly count: number;
    }
  /** Opens the files of a pool, to be answered with `results_opened`. */
  | {
      readonly type: 'open_results';
      readonly pool: string;
      readonly workingDir: string;
      readonly resultsFile: string | null;
      readonly joblog: string | null;
    }
  /** Closes them, to be answered with `results_closed`. */
  | { readonly type: 'close_results'; readonly pool: string }
  /** The record of a task that has ended, and is recorded only after those of earlier tasks. */
  | { readonly type: 'hold_record'; readonly pool: string; readonly record: TaskRecord; readonly results: boolean; readonly joblog: boolean }
  | {
      readonly type: 'record_task';
      readonly pool: string;
      readonly workingDir: string;
      readonly record: TaskRecord;
      readonly resultsFile: string | null;
      readonly joblog: string | null;
    }
  /** The instance has ended for good: its log and its ends of stdio pipes can be closed. */
  | { readonly type: 'close_instance'; readonly instance: string }
  /** The instance has ended, and may be started again: a new pipe of its partner's keeps an end for it. */
  | { readonly type: 'await_instance'; readonly instance: string }
  | { readonly type: 'finish'; readonly end: RunEnd };
