import type { Json } from '../base/json.ts';
import type { Step } from '../plan/step.ts';
import type { Operation } from '../sync/operation.ts';
import type { ProcessKey } from './engine-event.ts';
import type { WaitReason } from './run-event.ts';
import type { Timer } from './timers.ts';
import type { TimerPurpose } from './timer-purpose.ts';

/** The handle that `submit` gives: tasks of a pool, by their numbers over all of its lives. */
export interface SubmitHandle {
  readonly pool: string;
  readonly tasks: readonly number[];
  readonly many: boolean;
}

/** One level of nested steps. The innermost frame is the last of the list. */
export type Frame =
  | { readonly type: 'sequence'; readonly steps: readonly Step[]; index: number }
  /** Steps under `with`: their holds are released however the frame is left. */
  | { readonly type: 'with'; readonly step: Extract<Step, { verb: 'with' }> }
  /** Steps that run in place of one whose time was over: its `allow_failure` covers them. */
  | { readonly type: 'on_timeout'; readonly step: Step }
  /** One round per item; `itemId` is the item in hand. */
  | { readonly type: 'each'; readonly step: Extract<Step, { verb: 'each' }>; itemId: number | null }
  | { readonly type: 'repeat'; readonly step: Extract<Step, { verb: 'repeat' }>; round: number };

/** What the machine waits for just now. */
export type Blocked =
  | { readonly type: 'request'; readonly requestId: number }
  /** A request to release what an abandoned frame held; its outcome is not looked at. */
  | { readonly type: 'cleanup'; readonly requestId: number }
  | { readonly type: 'process'; readonly key: ProcessKey }
  | { readonly type: 'sleep' }
  | { readonly type: 'yield' }
  /** Its line is on its way into a file. */
  | { readonly type: 'print' }
  | { readonly type: 'join'; readonly instances: readonly string[] }
  | { readonly type: 'join_pool'; readonly pool: string }
  | { readonly type: 'result'; readonly handle: SubmitHandle }
  | { readonly type: 'started'; readonly instances: readonly string[]; readonly pool: string | null };

/** How a list of steps ended. */
export type MachineEnd =
  | { readonly type: 'done' }
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'stopped' };

/** The running list of steps of one instance attempt or of one pool task. */
export interface MachineState {
  readonly id: string;
  /** Who acts: the instance, or the pool's slot. */
  readonly instance: string;
  readonly purpose:
    | { readonly type: 'instance'; readonly instance: string }
    | { readonly type: 'task'; readonly pool: string; readonly task: number };
  readonly frames: Frame[];
  readonly vars: Map<string, Json>;
  readonly handles: Map<string, SubmitHandle>;
  blocked: Blocked | null;
  /** What it says it waits for; empty while it runs. */
  waits: readonly WaitReason[];
  /** Releases that leaving a frame still owes, before the next step. */
  readonly cleanups: Operation[];
  /** What to do once the cleanups are done. */
  afterCleanup: MachineEnd | null;
  timer: Timer<TimerPurpose> | null;
  /** When the wait of the current step ends; null without a limit. */
  deadlineMs: number | null;
  /** How many items of a `put` or `submit` step are through. */
  progress: number;
  /** What a `put` step hands over, completed; null before. */
  items: readonly Json[] | null;
  /** Instructions carried out since the last wait, so that a busy loop lets others in. */
  busy: number;
  stopping: boolean;
  /** Where ends come in an order: it waits for its turn, and does nothing more. */
  isEnding: boolean;
  /** It has had that turn. */
  mayEnd: boolean;
  /** Things it said it puts, sends or submits no more to. */
  readonly closed: Set<string>;
  /** Fencing numbers of the locks that its steps hold, for `MPCTL_TOKEN_*`. */
  readonly tokens: Map<string, number>;
  /** Items that stay in hand until `task_done`, per queue. */
  readonly inHand: Map<string, number>;
  /** Standard output of a task, for its value. */
  readonly output: string[];
  end: MachineEnd | null;
}
