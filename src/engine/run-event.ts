import type { Json } from '../base/json.ts';
import type { DiagnosticCode } from '../diagnostics/catalogue.ts';
import type { TaskFate } from '../plan/plan.ts';

/** Version of the RunEvent format; it rises with every change that is not an addition. */
export const runEventVersion = 1;

/** How an instance or a pool ended for good. */
export type EndState = 'succeeded' | 'failed' | 'stopped' | 'skipped';

/** The first cause of an end; it is never masked by what came after. */
export type EndReason =
  | 'exited'
  | 'signalled'
  | 'timed_out'
  | 'stopped'
  | 'lost'
  | 'failed_to_start'
  | 'unready'
  | 'step_failed'
  | 'task_failed'
  /** A file that it was to write could not be written. */
  | 'results_lost'
  | 'skipped';

/** One thing an instance waits for, and who could give it. */
export interface WaitReason {
  readonly kind:
    | 'dependency'
    | 'event'
    | 'barrier'
    | 'hold'
    | 'condition'
    | 'queue'
    | 'pipe'
    | 'join'
    | 'result'
    | 'submit'
    | 'sleep'
    | 'backoff';
  /** The process, primitive or pool; for `sleep` and `backoff` the time left as text. */
  readonly name: string;
  /** What of it: a moment for a dependency; `get`, `put`, `send`, `recv` for streams, `read`, `write` for a pipe `via: stdio`; `lock` or `semaphore` for a hold. */
  readonly detail: string | null;
  /** Instances that hold it, have not arrived, or could still act. */
  readonly by: readonly string[];
}

/** One instance or pool that can never go on. */
export interface StuckInstance {
  readonly instance: string;
  readonly waits: WaitReason;
  /** The locks and semaphores that it holds. */
  readonly holds: readonly string[];
  /** Where it, or the step that it is at, is written: `FILE:LINE`; null where that is not known. */
  readonly at: string | null;
}

/** Everything that happens in a run, for views and machines; JSON-safe, one object a line. */
export type RunEvent = {
  /** Format version. */
  readonly v: number;
  /** Milliseconds since the run began, without those for which mpctl was stopped (`run.continued`); no change of the wall clock changes it. */
  readonly at: number;
} & RunEventBody;

/** The kinds of RunEvent. */
export type RunEventBody =
  | {
      readonly type: 'run.started';
      readonly run: string;
      readonly name: string;
      readonly spec: string;
      readonly pid: number;
      /** Folder with the log files and the journal. */
      readonly folder: string;
      /** By what its processes are found: the level in force, which `auto` leaves open. */
      readonly containment: 'group' | 'marker' | 'cgroup' | 'pidns';
      /** The run that this one goes on from; left out where it begins anew. */
      readonly resumes?: string;
      readonly instances: readonly { readonly name: string; readonly process: string; readonly kind: string }[];
      readonly pools: readonly { readonly name: string; readonly workers: number }[];
    }
  | { readonly type: 'instance.waiting'; readonly instance: string; readonly for: readonly WaitReason[] }
  | {
      readonly type: 'instance.started';
      readonly instance: string;
      readonly attempt: number;
      /** null for a process made of steps. */
      readonly pid: number | null;
    }
  | { readonly type: 'instance.ready'; readonly instance: string }
  /** A step that can wait has got what it waited for, or the instance goes on for another reason. */
  | { readonly type: 'instance.running'; readonly instance: string }
  | { readonly type: 'instance.granted'; readonly instance: string; readonly holds: readonly string[]; readonly ownerDied: readonly string[] }
  | {
      readonly type: 'instance.stopping';
      readonly instance: string;
      /** The first thing that asks it to end: a signal, or `command` for its stop command. */
      readonly signal: string;
      /** Time until the next thing does, after a stop signal SIGKILL; 0 where that is the first. */
      readonly graceMs: number;
      readonly why: string;
      /** Only the command of a `run` step, whose time is over: the instance itself may go on. */
      readonly step: boolean;
    }
  | { readonly type: 'instance.restarting'; readonly instance: string; readonly attempt: number; readonly delayMs: number; readonly why: string }
  | {
      readonly type: 'instance.ended';
      readonly instance: string;
      readonly state: EndState;
      readonly reason: EndReason;
      /** Python's: N, -N when signal N ended it, null when it never ran. */
      readonly exitcode: number | null;
      readonly signal: string | null;
      /** A shell's: N, 128 + N when signal N ended it, null when it never ran. */
      readonly shellCode: number | null;
      /** From the first start to the end, waits between attempts included; null when it never ran. */
      readonly durationMs: number | null;
      readonly attempts: number;
      /** One sentence for people. */
      readonly why: string;
      /** What would mend it, where that is known. */
      readonly hint: string | null;
      /** It failed and `allow_failure` spares the run. */
      readonly allowed: boolean;
    }
  | { readonly type: 'output'; readonly instance: string; readonly stream: 'stdout' | 'stderr'; readonly line: string }
  /** It waits to start, or for its next task; an empty list says that it goes on. */
  | { readonly type: 'pool.waiting'; readonly pool: string; readonly for: readonly WaitReason[] }
  | { readonly type: 'pool.started'; readonly pool: string }
  | {
      readonly type: 'task.started';
      readonly pool: string;
      readonly task: number;
      readonly worker: number;
      readonly attempt: number;
    }
  | {
      readonly type: 'task.ended';
      readonly pool: string;
      readonly task: number;
      readonly item: Json;
      readonly fate: TaskFate;
      readonly value: Json;
      readonly exitcode: number | null;
      readonly signal: string | null;
      readonly attempts: number;
      readonly worker: number | null;
      readonly durationMs: number;
      readonly why: string;
      /** What would mend it, where that is known. */
      readonly hint: string | null;
    }
  | {
      readonly type: 'task.retrying';
      readonly pool: string;
      readonly task: number;
      readonly item: Json;
      /** The one that follows. */
      readonly attempt: number;
      /** The slot that the attempt before it has left. */
      readonly worker: number | null;
      readonly delayMs: number;
      readonly why: string;
    }
  | {
      readonly type: 'pool.progress';
      readonly pool: string;
      readonly done: number;
      readonly failed: number;
      readonly running: number;
      /** As in `pool.ended`; both are among those that are done. */
      readonly skipped?: number;
      readonly leftOut?: number;
      /** null while the source has not ended. */
      readonly total: number | null;
    }
  | {
      readonly type: 'pool.ended';
      readonly pool: string;
      readonly state: EndState;
      readonly reason: EndReason;
      /** Those of an earlier run included. */
      readonly succeeded: number;
      readonly failed: number;
      readonly cancelled: number;
      /** Of those that succeeded, how many did so in the earlier run that this one goes on from; left out where none did. */
      readonly skipped?: number;
      /** Tasks that did not run since only what has failed was to. */
      readonly leftOut?: number;
      readonly durationMs: number | null;
      readonly why: string;
      /** What would mend it; left out where that is not known. */
      readonly hint?: string;
      readonly allowed: boolean;
    }
  | { readonly type: 'warning'; readonly code: DiagnosticCode; readonly message: string; readonly instance: string | null }
  | {
      /** mpctl was sent a signal that counts. */
      readonly type: 'run.signal';
      readonly signal: string;
      /** How far up the ladder: 1 graceful, 2 everything has a second left, 3 SIGKILL now. */
      readonly rung: 1 | 2 | 3;
      /** Time until everything that is left is killed; null while each has its own grace period. */
      readonly killInMs: number | null;
      /** Nobody has sent it: what waited for mpctl in the foreground has ended before it. */
      readonly orphaned?: true;
    }
  /** mpctl was sent SIGTSTP, as Ctrl-Z does: every process is stopped, and mpctl is next. */
  | { readonly type: 'run.suspended' }
  /** mpctl was stopped, by SIGTSTP or unannounced, and goes on. */
  | {
      readonly type: 'run.continued';
      /** For how long: no deadline counts that time, nor do `at` and durations. */
      readonly stoppedMs: number;
    }
  | {
      readonly type: 'run.stopping';
      /** `failure`, `shutdown`, `timeout`, `signal`, `deadlock` or `done`. */
      readonly cause: string;
      readonly why: string;
    }
  | { readonly type: 'run.finally' }
  | {
      readonly type: 'run.deadlock';
      /** The last of them waits for the first; otherwise nobody is left who could end the wait of the last. */
      readonly circle: boolean;
      /** Who waits for what, and whom that makes it wait for, around the circle. */
      readonly cycle: readonly StuckInstance[];
    }
  | {
      readonly type: 'run.ended';
      readonly outcome: 'success' | 'failure' | 'timed_out' | 'cancelled';
      readonly exitCode: number;
      /** The signal that mpctl dies of after this; null if none. */
      readonly signal: string | null;
      readonly durationMs: number;
      readonly why: string;
    };

/**
 * An event as it is told, at its time. What every task has is written out: of thousands of tasks a second, a copy
 * of something of any shape takes ten times as long.
 */
export function stampEvent(body: RunEventBody, at: number): RunEvent {
  const v = runEventVersion;
  if (body.type === 'task.started') {
    const { type, pool, task, worker, attempt } = body;
    return { v, at, type, pool, task, worker, attempt };
  }
  if (body.type === 'task.ended') {
    const { type, pool, task, item, fate, value, exitcode, signal, attempts, worker, durationMs, why, hint } = body;
    return { v, at, type, pool, task, item, fate, value, exitcode, signal, attempts, worker, durationMs, why, hint };
  }
  return { v, at, ...body };
}
