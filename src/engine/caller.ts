import type { Json } from '../base/json.ts';
import type { Result } from '../base/result.ts';
import type { CallError } from '../protocol/error-kind.ts';

/** Who asks something through the door. */
export interface Caller {
  /** The instance, a slot of a pool counting as one, or `operator`. */
  readonly instance: string;
  /** Who holds within it what is granted. */
  readonly holder: string;
}

/** What a call is answered with. */
export type Answer = Result<Json, CallError>;
