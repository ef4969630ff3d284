import type { EngineEvent } from './engine-event.ts';

/** The end of a command that waits for its turn. */
export interface HeldExit {
  readonly requestId: number;
  /** What was told of it, in the order in which it came. */
  readonly events: EngineEvent[];
}
