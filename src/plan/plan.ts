import type { Place } from '../base/place.ts';
import type { JsonTemplate, Text } from '../base/template.ts';
import type { PrimitiveDefinition } from '../sync/definition.ts';
import type { Demand } from '../sync/operation.ts';
import type { CommandPlan, EnvironmentLayer, StdinPlan, StdoutPlan, StreamFormat } from './command.ts';
import type { Step } from './step.ts';

/** A signal by its POSIX name, such as `SIGTERM`. */
export type SignalName = `SIG${string}`;

/**
 * A point in the life of a process, an instance or a pool: `start` its command was started, `ready`
 * its readiness probe passed, `success`, `failure` and `exit` it has ended for good.
 */
export type Moment = 'start' | 'ready' | 'success' | 'failure' | 'exit';

/** The whole run, compiled: every name is resolved, every default applied, nothing left to validate. */
export interface Plan {
  readonly name: string;
  readonly description: string | null;
  /** The spec as the user named it, for messages. */
  readonly specFile: string;
  /** Absolute folder that relative paths of the spec begin at (its `working_dir`). */
  readonly workingDir: string;
  readonly onFailure: 'stop' | 'continue';
  /** Of the whole run, in ms; null is none. */
  readonly timeoutMs: number | null;
  /** At most so many commands at once; null is no limit. */
  readonly maxParallel: number | null;
  /** `group` and `marker` are built; the others are refused before a run. */
  readonly containment: 'auto' | 'group' | 'marker' | 'cgroup' | 'pidns';
  /** In the order of the spec. Pipes with `via: stdio` are not primitives: see `stdioPipes`. */
  readonly primitives: readonly (PrimitiveDefinition & { readonly place: Place })[];
  readonly stdioPipes: readonly StdioPipePlan[];
  /** Processes, then daemons, then finally, in the order of the spec; replicas in their order. */
  readonly instances: readonly InstancePlan[];
  readonly pools: readonly PoolPlan[];
  /** What may be done to each primitive and pool, and by whom: the basis of end of stream. */
  readonly actors: readonly Actor[];
}

/** One kernel pipe between two instances; no byte passes through mpctl. */
export interface StdioPipePlan {
  readonly name: string;
  readonly place: Place;
  readonly from: string;
  readonly to: string;
  /** `between`: also back from `to` to `from`. */
  readonly duplex: boolean;
  /** false: a death of the sender by SIGPIPE is a success. */
  readonly pipefail: boolean;
}

/** Something that an instance or pool may do to a thing; engine and checker share it. */
export interface Actor {
  /** Instance or pool name. */
  readonly who: string;
  readonly action: 'put' | 'get' | 'set' | 'wait' | 'notify' | 'submit' | 'start';
  /** The queue, event, barrier, condition, pool or instance acted on. */
  readonly name: string;
  /**
   * How: `steps` lasts while a step that does it can still be reached, `moment` until that moment has
   * passed, `start_wait` until its start waits are over, everything else to its end for good.
   */
  readonly by:
    | { readonly type: 'steps' }
    | { readonly type: 'moment'; readonly moment: Moment }
    | { readonly type: 'start_wait' }
    | { readonly type: 'uses' }
    | { readonly type: 'stdio' }
    | { readonly type: 'tasks' }
    | { readonly type: 'results' };
  readonly place: Place;
}

/** A wait for a moment of something else, before the start. */
export interface Dependency {
  /** As written: a process (all its instances), an instance or a pool. */
  readonly name: string;
  readonly target: { readonly type: 'instances'; readonly instances: readonly string[] } | { readonly type: 'pool' };
  readonly moment: Moment;
  readonly timeoutMs: number | null;
  readonly place: Place;
}

/** A wait for an event or a barrier, before the start. */
export interface StartWait {
  readonly name: string;
  readonly kind: 'event' | 'barrier';
  readonly timeoutMs: number | null;
  readonly place: Place;
}

/** Events that are set when a moment comes. */
export interface MomentSets {
  readonly moment: Moment;
  readonly events: readonly string[];
}

/** How something is stopped: the command first, then the signal to what is still alive, then SIGKILL. */
export interface StopPlan {
  readonly signal: SignalName;
  /** Between the signal and SIGKILL, in ms. */
  readonly graceMs: number;
  readonly command: CommandPlan | null;
}

/** How readiness or liveness is found out. */
export type ProbePlan = {
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly initialDelayMs: number;
  /** Failures in a row after which it has failed. */
  readonly failureThreshold: number;
} & (
  | { readonly type: 'exec'; readonly command: CommandPlan }
  | {
      readonly type: 'http_get';
      readonly host: string;
      readonly port: number;
      readonly path: string;
      readonly scheme: 'http' | 'https';
      /** The status that counts as success; null is any from 200 to 399. */
      readonly status: number | null;
    }
  | { readonly type: 'tcp_socket'; readonly host: string; readonly port: number }
  | { readonly type: 'log_line'; readonly pattern: string }
  /** The program says `mpctl ready` itself. */
  | { readonly type: 'notify' }
);

/** Delay before attempt n+1: initial × factor^(n−1), at most max, ± jitter as a share. */
export interface BackoffPlan {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor: number;
  readonly jitter: number;
}

/** What instances and pools have in common: everything a command needs. */
export interface WorkPlan {
  readonly place: Place;
  readonly description: string | null;
  /** Absolute. */
  readonly workingDir: string;
  /** The layers from the spec down to the process, files read in; `MATRIX_*` and `MPCTL_*` come on top. */
  readonly environment: readonly EnvironmentLayer[];
  readonly stdin: StdinPlan;
  readonly stdout: StdoutPlan;
  readonly stderr: StdoutPlan;
  readonly successExitCodes: readonly number[];
  readonly stop: StopPlan;
  readonly dependsOn: readonly Dependency[];
  /** Events in order, then barriers in order. */
  readonly waitFor: readonly StartWait[];
  readonly holds: readonly Demand[];
  /** Locks and semaphores that its program declares in `uses`. */
  readonly declaredHolds: readonly string[];
  /** Queues whose items stay in hand until `task_done`, because a step or `uses` calls it. */
  readonly taskDoneQueues: readonly string[];
  readonly sets: readonly MomentSets[];
  readonly autostart: boolean;
  readonly allowFailure: boolean;
}

/** What runs. */
export type WorkBody =
  | { readonly type: 'command'; readonly command: CommandPlan }
  | { readonly type: 'steps'; readonly steps: readonly Step[] };

/** What the slots of a pool run: a command or steps for each task, or one program for all of them. */
export type PoolBody =
  | WorkBody
  | {
      readonly type: 'worker';
      readonly command: CommandPlan;
      /** Runs before each worker of a slot; null is none. */
      readonly initializer: CommandPlan | null;
      /** Tasks that it is handed at a time. */
      readonly chunk: number;
      /** It is replaced after so many tasks; null is never. */
      readonly maxTasks: number | null;
    };

/** One instance of a process, a daemon or a `finally` process. */
export interface InstancePlan extends WorkPlan {
  readonly name: string;
  /** The process it is an instance of. */
  readonly process: string;
  readonly kind: 'process' | 'daemon' | 'finally';
  /** From 1. */
  readonly replica: number;
  readonly replicas: number;
  /** Key to value, as text; empty without a matrix. */
  readonly matrix: Readonly<Record<string, string>>;
  readonly body: WorkBody;
  readonly readinessProbe: ProbePlan | null;
  readonly livenessProbe: ProbePlan | null;
  readonly restart: 'no' | 'on_failure' | 'always';
  /** At most `count` restarts within `withinMs`; null counts over the whole run. */
  readonly maxRestarts: { readonly count: number; readonly withinMs: number | null };
  readonly backoff: BackoffPlan;
  /** Running time of an attempt in ms; null is none. */
  readonly timeoutMs: number | null;
  readonly tty: boolean;
  readonly log: LogPlan;
}

/** How an instance is logged. */
export interface LogPlan {
  /** What its processes write goes into the file from themselves, and mpctl reads none of it. */
  readonly direct: boolean;
  /** null is no limit. */
  readonly maxSizeBytes: number | null;
  readonly keep: number;
  readonly maxLineBytes: number;
}

/** Where a pool's tasks come from; `none` is submit alone. */
export type TaskSource =
  | { readonly type: 'none' }
  | { readonly type: 'items'; readonly items: readonly JsonTemplate[] }
  | { readonly type: 'matrix'; readonly items: readonly Readonly<Record<string, string>>[] }
  | { readonly type: 'queue'; readonly queue: string }
  | { readonly type: 'lines'; readonly file: Text; readonly format: StreamFormat }
  | { readonly type: 'stdin'; readonly format: StreamFormat }
  | { readonly type: 'glob'; readonly pattern: Text }
  | { readonly type: 'range'; readonly first: number; readonly last: number; readonly step: number };

/** How one task ended. */
export type TaskFate = 'succeeded' | 'failed' | 'signalled' | 'timed_out' | 'lost' | 'cancelled';

/** Many tasks over a fixed number of slots. Slot n acts as the instance `NAME-n`. */
export interface PoolPlan extends WorkPlan {
  readonly name: string;
  readonly workers: number;
  readonly body: PoolBody;
  readonly tasks: TaskSource;
  readonly order: 'input' | 'completion';
  readonly results:
    | { readonly type: 'none' }
    | { readonly type: 'file'; readonly file: Text }
    | { readonly type: 'queue'; readonly queue: string };
  /** Of an attempt, in ms; null is none. */
  readonly taskTimeoutMs: number | null;
  readonly retry: { readonly attempts: number; readonly backoff: BackoffPlan; readonly on: readonly TaskFate[] };
  /** Failures that stop the pool, as a number or as a share of all tasks; null is never. */
  readonly halt: { readonly type: 'count'; readonly count: number } | { readonly type: 'share'; readonly percent: number } | null;
  readonly onHalt: 'finish_running' | 'kill';
  /** GNU parallel's job log; null is none. */
  readonly joblog: Text | null;
  /** It offers make's jobserver to its tasks. */
  readonly jobserver: boolean;
}

