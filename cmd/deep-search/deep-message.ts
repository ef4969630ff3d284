import type { Judgement } from '../../src/verify/judge.ts';

/** What the thread that searches says. */
export type DeepMessage =
  /** How many states it has found so far. */
  | { readonly type: 'progress'; readonly states: number }
  | { readonly type: 'judged'; readonly judgement: Judgement };
