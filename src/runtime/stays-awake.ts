/**
 * Longest time that is spent on looking, in ms: many times what it costs to be woken. No pause and no piece of work counts for
 * more: where others need the core as well, mpctl waits for it in the middle of its work, which says nothing of how long that takes.
 */
const longestMs = 0.05;
/** What the last one weighs in an average. */
const weight = 1 / 16;

/** How the next turns of the event loop are had, and the time. */
export interface StaysAwakeOptions {
  readonly nowMs: () => number;
  /** In the next turn, which does not sleep for it. */
  readonly nextTurn: (act: () => void) => void;
  /** Cores that mpctl may use. */
  readonly cores: number;
}

/**
 * Looks again for a moment, in place of sleeping, where what is waited for comes sooner than it takes to handle it: to
 * sleep and to be woken would cost both sides more, and most of all whoever has to wake another core. Two-phase waiting,
 * as by adaptive mutexes (Karlin et al., "Empirical studies of competitive spinning for a shared-memory
 * multiprocessor", SOSP 1991). Where pauses are longer, and those who answer need the core, it sleeps at once.
 */
export class StaysAwake {
  readonly #options: StaysAwakeOptions;
  #averagePauseMs = longestMs;
  #averageWorkMs = 0;
  #beganMs = 0;
  #endedMs = 0;
  #isLooking = false;

  constructor(options: StaysAwakeOptions) {
    this.#options = options;
  }

  /** What was waited for is here, and is handled now. */
  begin(): void {
    this.#beganMs = this.#options.nowMs();
    this.#averagePauseMs += weight * (Math.min(this.#beganMs - this.#endedMs, longestMs) - this.#averagePauseMs);
  }

  /** It was handled. */
  end(): void {
    this.#endedMs = this.#options.nowMs();
    this.#averageWorkMs += weight * (Math.min(this.#endedMs - this.#beganMs, longestMs) - this.#averageWorkMs);
    if (this.#options.cores > 1 && this.#averagePauseMs < this.#averageWorkMs && !this.#isLooking) this.#lookAgain();
  }

  #lookAgain(): void {
    this.#isLooking = true;
    this.#options.nextTurn(() => {
      this.#isLooking = false;
      if (this.#options.nowMs() - this.#endedMs < longestMs) this.#lookAgain();
    });
  }
}
