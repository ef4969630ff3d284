import { monotonicMs } from '../monotonic-ms.ts';

/** To be told of so much work at once is often enough, in ms. */
const stepMs = 0.25;

/** How quickly a client puts or takes, and so after how much of it it is to say so. */
export class Pace {
  readonly #most: number;
  #sinceMs = monotonicMs();
  #sinceCount = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** It is at this count now, in all: after how many more it is to say so. One that is slow says so each time. */
  stepAt(count: number): number {
    const nowMs = monotonicMs();
    const perMs = (count - this.#sinceCount) / Math.max(0.001, nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
    this.#sinceCount = count;
    return Math.max(1, Math.min(this.#most, Math.floor(perMs * stepMs)));
  }
}
