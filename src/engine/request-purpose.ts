import type { Operation } from '../sync/operation.ts';
import type { ProcessKey } from './engine-event.ts';
import type { Caller } from './caller.ts';
import type { MachineEnd } from './machine-state.ts';

/** A question that a program asked through the door. */
export interface CallPurpose {
  readonly type: 'call';
  readonly call: number;
  readonly caller: Caller;
  readonly operation: Operation;
}

/** What a question to the broker was asked for; its outcome goes back there. */
export type RequestPurpose =
  | { readonly type: 'start_wait'; readonly unit: string; readonly index: number }
  | { readonly type: 'start_holds'; readonly instance: string }
  | { readonly type: 'step'; readonly machine: string }
  | { readonly type: 'step_slot'; readonly machine: string }
  /** Its turn to do what a step does. */
  | { readonly type: 'step_turn'; readonly machine: string }
  /** Its turn to end. */
  | { readonly type: 'end_turn'; readonly machine: string; readonly end: MachineEnd }
  /** The turn of an instance to have ended, whose command has. */
  | { readonly type: 'exit_turn'; readonly key: ProcessKey }
  /** The turn of a slot to take a task. */
  | { readonly type: 'take_turn'; readonly pool: string; readonly slot: number }
  /** The turn of a program to do what it asked for through the door. */
  | { readonly type: 'call_turn'; readonly call: number }
  | { readonly type: 'cleanup'; readonly machine: string }
  | { readonly type: 'input'; readonly key: ProcessKey }
  | { readonly type: 'output'; readonly key: ProcessKey }
  | { readonly type: 'task_source'; readonly pool: string }
  | { readonly type: 'task_holds'; readonly pool: string; readonly task: number }
  | { readonly type: 'record'; readonly pool: string }
  /** A token is taken out of use, to be put back. */
  | { readonly type: 'put_back_token'; readonly jobserver: string }
  /** What a program asked through the door. */
  | CallPurpose
  /** The outcome changes nothing: `set` of a moment, release of a run slot, item done. */
  | { readonly type: 'none' };

/** A question that has not settled yet. */
export interface PendingRequest {
  readonly id: number;
  readonly purpose: RequestPurpose;
  /** Who asked, for the search for deadlocks. */
  readonly instance: string;
  readonly verb: string;
  readonly names: readonly string[];
  readonly hasDeadline: boolean;
  readonly holds: readonly { readonly name: string; readonly permits: number }[];
}
