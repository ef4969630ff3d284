import type { Json } from '../base/json.ts';
import type { Result } from '../base/result.ts';
import type { Call } from '../protocol/call.ts';
import type { CallError } from '../protocol/error-kind.ts';

/** Who asks something through the door. */
export interface Caller {
  /** The instance, a slot of a pool counting as one, or `@operator`. */
  readonly instance: string;
  /** Who holds within it what is granted. */
  readonly holder: string;
}

/** What the engine is asked. It has no state of a primitive, which the broker has, and no files of clients. */
export type EngineCall = Exclude<Call, { readonly type: 'look' | 'look_at_things' | 'watch_pipe' | 'tally' | 'spool' | 'spooled' | 'delegate' | 'handoff' | 'claim' | 'leave' | 'ahead' | 'receive_ahead' | 'send_directly' }>;

/** Whether the engine is asked. */
export function isEngineCall(call: Call): call is EngineCall {
  return !['look', 'look_at_things', 'watch_pipe', 'tally', 'spool', 'spooled', 'delegate', 'handoff', 'claim', 'leave', 'ahead', 'receive_ahead', 'send_directly'].includes(call.type);
}

/** What a call is answered with. */
export type Answer = Result<Json, CallError>;
