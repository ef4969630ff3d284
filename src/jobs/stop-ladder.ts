/** What a signal that asks for the end of a pool brings about. */
export type StopStep =
  /** The same wish once more. */
  | 'nothing'
  /** The jobs are asked to end, and have their time for it. */
  | 'stop'
  /** They have little time. */
  | 'hurry'
  | 'kill';

/** A second signal so soon after the first is the same wish: a terminal and a shell may both send one. */
const sameWishMs = 250;

/** The first signal stops, the second hurries, a third kills; SIGQUIT kills at once. */
export class StopLadder {
  #heard = 0;
  #heardMs = Number.NEGATIVE_INFINITY;

  /** A signal has come. */
  hear(signal: string, nowMs: number): StopStep {
    if (signal === 'SIGQUIT') return 'kill';
    if (nowMs - this.#heardMs < sameWishMs) return 'nothing';
    this.#heard += 1;
    this.#heardMs = nowMs;
    if (this.#heard === 1) return 'stop';
    return this.#heard === 2 ? 'hurry' : 'kill';
  }
}
