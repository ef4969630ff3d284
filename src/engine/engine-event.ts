import type { Json } from '../base/json.ts';
import type { SyncEvent } from '../sync/operation.ts';
import type { Caller, EngineCall } from './caller.ts';
import type { SeenProgram } from './seen-program.ts';

/** Number of one process that the engine asked for, unique in the run. */
export type ProcessKey = number;

/** SIGPIPE: nobody reads its output any more; `orphaned`: whoever waited for it in the foreground has ended. */
export type HeardSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT' | 'SIGPIPE' | 'orphaned';

/** How a leader ended: an exit code or a signal name, never both. */
export interface ProcessExit {
  readonly code: number | null;
  /** Such as `SIGTERM`. */
  readonly signal: string | null;
  /** Whoever had started it was ended, and it with him: how far it had come nobody knows. */
  readonly isLost?: true;
}

/** Why the tasks of a pool cannot be read, or not to their end. */
export interface UnreadTasks {
  /** One sentence without a final period. */
  readonly message: string;
  /** What would mend it, where that is known. */
  readonly hint: string | null;
}

/** A program asks something through the door; it is answered once, by an `answer` effect. */
export interface CallEvent {
  readonly type: 'call';
  readonly id: number;
  readonly caller: Caller;
  readonly call: EngineCall;
  /** Of several items: how many are put already. */
  readonly progress: number;
}

/** A line of a long-lived worker, as far as it is one that a worker may write. */
export type WorkerAnswer =
  | { readonly type: 'result'; readonly task: number; readonly value: Json; readonly line: string; readonly bytes: number }
  | { readonly type: 'error'; readonly task: number; readonly error: string; readonly line: string; readonly bytes: number }
  /** Tasks that it has not begun, given back because the one that it is at takes long. */
  | { readonly type: 'returned'; readonly tasks: readonly number[]; readonly line: string }
  /** It is no answer. */
  | { readonly type: 'stray'; readonly line: string; readonly why?: string }
  /** It may have been one, and is longer than any may be: its beginning. */
  | { readonly type: 'too_long'; readonly line: string; readonly mostBytes: number };

/** What one worker has written. */
export interface ReadAnswers {
  readonly key: ProcessKey;
  readonly answers: readonly WorkerAnswer[];
  /** Its standard output is closed, so that no other answer can come. */
  readonly isLast?: true;
}

/** What a process has written that was delivered: `captured` is stdout where the spawn asked for it, `stdoutBytes` how long what mpctl has read of it was; `file` has what is too long to be kept. */
export interface DrainedOutput {
  readonly captured: string | null;
  readonly stdoutBytes: number;
  readonly file?: string;
}

/** What the outside reports to the engine. */
export type EngineEvent =
  /** The run begins. Comes once, first. */
  | { readonly type: 'begin' }
  /** Time has passed; needed at `nextWakeMs` at the latest. */
  | { readonly type: 'tick' }
  /** mpctl itself was sent a signal, or something that stops the run as one does. */
  | { readonly type: 'signal'; readonly signal: HeardSignal }
  | { readonly type: 'spawned'; readonly key: ProcessKey; readonly pid: number }
  /** The process was never started; nothing else follows for this key. */
  | {
      readonly type: 'spawn_failed';
      readonly key: ProcessKey;
      /** Code of the catalogue. */
      readonly code: string;
      readonly message: string;
      /** What would mend it. */
      readonly hint: string | null;
      /** As a shell would say it: 127 not found, 126 not executable. */
      readonly exitCode: number;
    }
  | CallEvent
  /** Nobody wants the answer any more. */
  | { readonly type: 'cancel_call'; readonly id: number }
  /** The connection of a holder is gone. */
  | { readonly type: 'holder_gone'; readonly holder: Caller }
  /** The leader has ended; output may follow until `drained`, which is here where none does. */
  | { readonly type: 'exited'; readonly key: ProcessKey; readonly exit: ProcessExit; readonly groupIsAlive: boolean; readonly drained?: DrainedOutput }
  /** No living member of the group is left; follows an `exited` that said `groupIsAlive`. */
  | { readonly type: 'group_gone'; readonly key: ProcessKey }
  /** All output was delivered. */
  | ({ readonly type: 'drained'; readonly key: ProcessKey } & DrainedOutput)
  /** What a running command is at; whatever it had asked before the look has been handled. */
  | { readonly type: 'program_seen'; readonly key: ProcessKey; readonly seen: SeenProgram }
  /** Whatever was on its way at an `echo` has been handled. */
  | { readonly type: 'echoed'; readonly look: number }
  /** A line for a queue (`stdout: {queue}`). */
  | { readonly type: 'line'; readonly key: ProcessKey; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  /** A piece of a line that has more bytes than an item may have. */
  | { readonly type: 'long_line'; readonly key: ProcessKey; readonly stream: 'stdout' | 'stderr'; readonly mostBytes: number }
  /** Lines of long-lived workers: as many as were read at once. */
  | { readonly type: 'answers'; readonly read: readonly ReadAnswers[] }
  /** Standard input takes more lines again. */
  | { readonly type: 'input_ready'; readonly key: ProcessKey }
  /** A probe has ended, or the line of a `log_line` probe was seen. */
  | { readonly type: 'probed'; readonly probe: number; readonly ok: boolean; readonly message: string }
  | { readonly type: 'sync'; readonly event: SyncEvent }
  /** A token of a jobserver was read, or none was before it was called off. */
  | { readonly type: 'token_read' | 'token_unasked'; readonly jobserver: string }
  /** The line of a `print` step is in its file, or why it is not. */
  | { readonly type: 'printed'; readonly machine: string; readonly failure: string | null }
  /** The files of a pool are open, or why one of them is not. */
  | { readonly type: 'results_opened'; readonly pool: string; readonly failure: string | null }
  /** The files of a pool are closed; `failure` says what could not be written to them. */
  | { readonly type: 'results_closed'; readonly pool: string; readonly failure: string | null }
  /** Items of a pool's `lines`, `stdin` or `glob`; `failure` ends the source with a reason. */
  | {
      readonly type: 'tasks';
      readonly pool: string;
      /** Which life of the pool had asked for them. */
      readonly life: number;
      readonly items: readonly Json[];
      readonly ended: boolean;
      readonly failure: UnreadTasks | null;
    };
