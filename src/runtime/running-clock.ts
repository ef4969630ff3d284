/** What the clock is made of. */
export interface ClockSource {
  /** A clock that never goes back. */
  readonly monotonicMs: () => number;
  /** Acts when every signal that has come until now was heard. */
  readonly afterSignals: (act: () => void) => void;
}

/** How often a watched clock has to be looked at, in ms: when a stop has begun is known no better. */
export const beatMs = 250;
/** After so long without a look, in ms, mpctl may have been stopped. */
const doubtAfterMs = 500;

/**
 * The monotonic clock without the time for which mpctl was stopped: what every deadline is kept by. A stop
 * that is announced (`stand`, `goOn`) does not count at all. One that is not, as by SIGSTOP, shows in a beat
 * that comes late, and in the SIGCONT that ends it; but what has come due meanwhile is at the event loop before that signal.
 * So a late beat is a doubt, in which the clock stands, and which is over when the signals were
 * heard: with a SIGCONT nothing since the last look counts, so that no deadline is early. Without one all of it counts: mpctl
 * had to wait for a processor, for a disk or for a reader, and if that did not count, no deadline would ever
 * come on a machine that is busy enough.
 */
export class RunningClock {
  readonly #source: ClockSource;
  readonly #listeners = new Set<(stoppedMs: number) => void>();
  #stoppedMs = 0;
  /** When it was looked at last, on the monotonic clock. */
  #lookedMs = Number.NEGATIVE_INFINITY;
  #isWatched = false;
  /** The doubt that it is in. */
  #doubt: object | null = null;
  /** Since when it stands. */
  #standsSinceMs: number | null = null;

  constructor(source: ClockSource) {
    this.#source = source;
  }

  /** From an arbitrary start; never goes back. */
  nowMs(): number {
    const realMs = this.#standsSinceMs ?? this.#source.monotonicMs();
    if (this.#isWatched && this.#doubt === null && realMs - this.#lookedMs > doubtAfterMs) this.#beginDoubt();
    if (this.#doubt === null) this.#lookedMs = realMs;
    return this.#lookedMs - this.#stoppedMs;
  }

  /** Whether it stands, at its last look, since nobody knows yet what counts: nothing is to be begun then. */
  get isInDoubt(): boolean {
    return this.#doubt !== null;
  }

  /** From now on it is looked at every `beatMs`, and `continued` is told of every SIGCONT. */
  watch(): void {
    this.nowMs();
    this.#isWatched = true;
  }

  /** No longer. */
  unwatch(): void {
    this.#isWatched = false;
    this.#doubt = null;
  }

  /** Hears how long every stop was, as soon as it is over; until the answer is called. */
  onStopped(listener: (stoppedMs: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** mpctl was sent SIGCONT. */
  continued(): void {
    const realMs = this.#source.monotonicMs();
    if (this.#isWatched && realMs - this.#lookedMs > doubtAfterMs) this.#leaveOut(realMs);
  }

  /** mpctl is about to be stopped. */
  stand(): void {
    // A SIGCONT would have been heard before the signal that this is about.
    this.nowMs();
    if (this.#doubt !== null) this.#countAll();
    this.#standsSinceMs ??= this.#lookedMs;
  }

  /** It goes on. */
  goOn(): void {
    if (this.#standsSinceMs === null) return;
    this.#standsSinceMs = null;
    this.#leaveOut(this.#source.monotonicMs());
  }

  #beginDoubt(): void {
    const doubt = {};
    this.#doubt = doubt;
    this.#source.afterSignals(() => {
      if (this.#doubt === doubt) this.#countAll();
    });
  }

  #countAll(): void {
    this.#doubt = null;
    this.#lookedMs = this.#source.monotonicMs();
  }

  /** Nothing since the last look counts. */
  #leaveOut(realMs: number): void {
    const stoppedMs = realMs - this.#lookedMs;
    this.#stoppedMs += stoppedMs;
    // Whoever is told asks for the time.
    this.#lookedMs = realMs;
    this.#doubt = null;
    for (const listener of this.#listeners) listener(stoppedMs);
  }
}
