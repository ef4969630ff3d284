/** So many waits, one after the other, make it worth while that a lock is handed on without the run. */
const waitsBefore = 4;
/** Where it was not, twice as many, and so on, but no more than these. */
const mostWaitsBefore = 1024;
/** As often as this they are worth it. */
const quickWaitMs = 5;

interface Count {
  waits: number;
  sinceMs: number;
  wanted: number;
}

/** How much the members of a lock contend for it. */
export class Contention {
  /** By lock. */
  readonly #counts = new Map<string, Count>();

  /** Somebody waits for it; whether it is time to hand it on without the run. */
  waits(lock: string, nowMs: number): boolean {
    const count = this.#counts.get(lock) ?? { waits: 0, sinceMs: nowMs, wanted: waitsBefore };
    this.#counts.set(lock, count);
    count.waits += 1;
    if (count.waits < count.wanted) return false;
    const isQuick = nowMs - count.sinceMs < count.wanted * quickWaitMs;
    count.waits = 0;
    count.sinceMs = nowMs;
    return isQuick;
  }

  /** The lock is the run's again, after so many hand-overs. */
  ended(lock: string, handovers: number): void {
    const count = this.#counts.get(lock);
    if (count !== undefined) count.wanted = handovers < count.wanted ? Math.min(count.wanted * 2, mostWaitsBefore) : waitsBefore;
  }
}
