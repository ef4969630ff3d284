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
  /**
   * Makes the successors of a state, one after the other: `all` of them, or at least as many as it takes to find every stuck state on a
   * way that is no longer than any other. Returns whether they were all.
   */
  readonly expand: (state: Int32Array, successor: Successor, extent: 'all' | 'enough') => boolean;
  /** Turns a state into the one that stands for all that differ from it only in who of several alike is where. */
  readonly normalize: (state: Pick<Successor, 'get' | 'set'>) => void;
  /** Whether nothing more is going to happen, and nothing has to; such a state is not expanded. */
  readonly isFinal: (state: Int32Array) => boolean;
  /** Whether all that ever has to end has ended; a final state is such a one. */
  readonly isGoal: (state: Int32Array) => boolean;
  /** How many there are who never end, and so have to be able to go on. */
  readonly endless: number;
  /** Which of them a transition belongs to; -1 is none. */
  readonly endlessOf: (transition: number) => number;
  /** Whether a transition may never be gone from the state that is being expanded, however often it comes to that. */
  readonly mayNeverCome: (transition: number) => boolean;
  /** Whether one of them has nothing to do in a state: it was not started, or was stopped. */
  readonly isResting: (endless: number, state: Int32Array) => boolean;
  /** The transition in words. */
  readonly describe: (transition: number) => string;
}
