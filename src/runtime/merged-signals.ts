/**
 * One stream of signals from two: a key of the terminal reaches the mpctl outside and the one inside, and either may be
 * sent one alone. Of each kind there were as many as the more of both has got.
 */
export class MergedSignals<Signal extends string> {
  readonly #heard: (signal: Signal) => void;
  readonly #counts = { inside: new Map<Signal, number>(), outside: new Map<Signal, number>() };

  constructor(heard: (signal: Signal) => void) {
    this.#heard = heard;
  }

  /** One side has got one. */
  add(side: 'inside' | 'outside', signal: Signal): void {
    const count = (this.#counts[side].get(signal) ?? 0) + 1;
    this.#counts[side].set(signal, count);
    const other = this.#counts[side === 'inside' ? 'outside' : 'inside'].get(signal) ?? 0;
    if (count > other) this.#heard(signal);
  }
}
