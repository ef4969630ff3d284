/** Who waits at which barrier just now, told from what was asked and settled: for messages and views. */
export class Arrivals {
  readonly #byBarrier = new Map<string, Map<string, number>>();
  /** Barriers that somebody came to or left since this was last emptied. */
  readonly changed = new Set<string>();

  came(barrier: string, who: string): void {
    const arrived = this.#byBarrier.get(barrier) ?? new Map<string, number>();
    this.#byBarrier.set(barrier, arrived);
    arrived.set(who, (arrived.get(who) ?? 0) + 1);
    this.changed.add(barrier);
  }

  left(barrier: string, who: string): void {
    const arrived = this.#byBarrier.get(barrier);
    const count = arrived?.get(who) ?? 0;
    if (count > 1) arrived?.set(who, count - 1);
    else arrived?.delete(who);
    this.changed.add(barrier);
  }

  /** How many of it wait there: slots of a pool, threads of a program, else one or none. */
  count(barrier: string, who: string): number {
    return this.#byBarrier.get(barrier)?.get(who) ?? 0;
  }
}
