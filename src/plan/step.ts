import type { Place } from '../base/place.ts';
import type { Json } from '../base/json.ts';
import type { JsonTemplate, Template, Text } from '../base/template.ts';
import type { Demand } from '../sync/operation.ts';
import type { CommandPlan, EnvironmentLayer } from './command.ts';

/** What happens when the time of a waiting step runs out. */
export type OnTimeout =
  | { readonly type: 'fail' }
  | { readonly type: 'continue' }
  | { readonly type: 'steps'; readonly steps: readonly Step[] };

/** What every step has. */
export interface StepBase {
  readonly place: Place;
  /** Name of the variable that takes the step's value; null where there is none. */
  readonly as: string | null;
  readonly allowFailure: boolean;
  /** Longest wait in ms, 0 for `block: false`; null waits without limit. */
  readonly timeoutMs: number | null;
  readonly onTimeout: OnTimeout;
}

/** One planned step; names are resolved, so that a reference is of the kind its verb needs. */
export type Step = StepBase &
  (
    | {
        readonly verb: 'run';
        readonly command: CommandPlan;
        readonly environment: EnvironmentLayer;
        /** Absolute; null is the process's own. */
        readonly workingDir: string | null;
      }
    | { readonly verb: 'print'; readonly text: Text }
    | { readonly verb: 'sleep'; readonly durationMs: number }
    | { readonly verb: 'acquire'; readonly demands: readonly Demand[] }
    | { readonly verb: 'release'; readonly demands: readonly Demand[] }
    | { readonly verb: 'with'; readonly demands: readonly Demand[]; readonly steps: readonly Step[] }
    | { readonly verb: 'set'; readonly event: string }
    | { readonly verb: 'clear'; readonly event: string }
    | { readonly verb: 'wait'; readonly name: string; readonly kind: 'event' | 'barrier' | 'condition' }
    | { readonly verb: 'notify'; readonly condition: string; readonly count: number | 'all' }
    | { readonly verb: 'abort'; readonly barrier: string }
    | { readonly verb: 'reset'; readonly barrier: string }
    | {
        readonly verb: 'put';
        readonly queue: string;
        /** Put one after the other; `item` is a list of one. */
        readonly items: readonly JsonTemplate[];
        /** `items` was one `${{ }}` that gives the list while the run goes on; then `items` is empty. */
        readonly itemList?: Template;
        readonly priority: number;
      }
    | { readonly verb: 'get'; readonly queue: string }
    | { readonly verb: 'recv'; readonly pipe: string }
    | {
        readonly verb: 'each';
        readonly source: { readonly kind: 'queue' | 'pipe'; readonly name: string };
        readonly steps: readonly Step[];
      }
    | { readonly verb: 'task_done'; readonly queue: string }
    | {
        readonly verb: 'join';
        readonly target:
          | { readonly kind: 'queue'; readonly name: string }
          | { readonly kind: 'pool'; readonly name: string }
          | { readonly kind: 'instances'; readonly name: string; readonly instances: readonly string[] };
      }
    | { readonly verb: 'send'; readonly pipe: string; readonly item: JsonTemplate }
    | { readonly verb: 'close'; readonly name: string; readonly kind: 'queue' | 'pipe' | 'pool' }
    | {
        readonly verb: 'submit';
        readonly pool: string;
        readonly items: readonly JsonTemplate[];
        /** `items` was one `${{ }}` that gives the list while the run goes on; then `items` is empty. */
        readonly itemList?: Template;
        /** `items` was written: `result` gives a list, in order. */
        readonly many: boolean;
      }
    /** `handle` is the `as` name of a `submit`. */
    | { readonly verb: 'result'; readonly handle: string }
    | { readonly verb: 'start'; readonly name: string; readonly instances: readonly string[]; readonly pool: boolean }
    | {
        readonly verb: 'terminate' | 'kill';
        readonly name: string;
        readonly instances: readonly string[];
        readonly pool: boolean;
      }
    | { readonly verb: 'add'; readonly value: string; readonly by: JsonTemplate }
    | { readonly verb: 'store'; readonly value: string; readonly item: JsonTemplate }
    | { readonly verb: 'load'; readonly value: string }
    | {
        readonly verb: 'repeat';
        readonly rounds: number | 'forever' | readonly Json[];
        readonly steps: readonly Step[];
      }
    | { readonly verb: 'exit'; readonly code: JsonTemplate }
    | { readonly verb: 'shutdown'; readonly code: JsonTemplate }
  );
