/** One line of the result: what was measured, against whom, and whether the goal was met. */
export interface Row {
  readonly name: string;
  /** Our figure with its unit. */
  readonly ours: string;
  /** Who it is compared with and their figure; null for an absolute goal. */
  readonly peer: string | null;
  /** Ours to the peer's; null for an absolute goal. */
  readonly ratio: number | null;
  readonly goal: string;
  readonly met: boolean;
}

/** One file of `bench/cases/` exports one of these as `benchmark`. */
export interface Benchmark {
  readonly name: string;
  /**
   * Measures in a folder of its own, at least `rounds` times, ours and the peers in turn.
   *
   * @throws Error when a contestant fails: a failed run has no speed.
   */
  readonly measure: (bench: Bench) => Promise<readonly Row[]>;
}

/** What a benchmark may rely on. */
export interface Bench {
  /** How often each contestant runs after one warm-up. */
  readonly rounds: number;
  /** Empty, absolute, and removed afterwards. */
  readonly folder: string;
  /** Root of the repository. */
  readonly root: string;
  /** The built command, to be run by Node. */
  readonly mpctl: string;
}
