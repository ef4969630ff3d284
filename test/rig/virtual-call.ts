import type { Answer, Caller } from '../../src/engine/caller.ts';

/** A call that was not answered yet. */
export interface StandingCall {
  readonly call: number;
  readonly caller: Caller;
}

/** The answer of one call. */
export interface CallAnswer {
  readonly atMs: number;
  readonly call: number;
  readonly answer: Answer;
}
