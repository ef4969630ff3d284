/** The state that a transition leads to, while it is made: at first the state that is being expanded. */
export interface Successor {
  readonly get: (field: number) => number;
  readonly set: (field: number, value: number) => void;
  /** It is complete, and was reached by this transition. Then it is the state that is being expanded again. */
  readonly reach: (transition: number) => void;
}

/**
 * What can be explored: states that are vectors of small numbers, and what leads from one to the next.
 * It keeps nothing between two calls.
 */
export interface TransitionSystem {
  /** How many values each field of a state can have: field f is at least 0 and less than `fieldSizes[f]`. */
  readonly fieldSizes: readonly number[];
  readonly initial: readonly number[];
  /** Makes every successor of a state, one after the other. */
  readonly expand: (state: Int32Array, successor: Successor) => void;
  /** Whether nothing more is going to happen, and nothing has to; such a state is not expanded. */
  readonly isFinal: (state: Int32Array) => boolean;
  /** Whether all that ever has to end has ended; a final state is such a one. */
  readonly isGoal: (state: Int32Array) => boolean;
  /** The transition in words. */
  readonly describe: (transition: number) => string;
}
