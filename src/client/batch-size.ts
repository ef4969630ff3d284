/** So much work, in ms, may wait in this process while another one has nothing to do. */
const aheadMs = 2;

/**
 * How many items to ask for at once, found while they are worked through: many of those that take no
 * time, and one of those that take long, so that nobody sits on items that others could have.
 */
export class BatchSize {
  readonly #most: number;
  #size = 1;

  constructor(most: number) {
    this.#most = Math.max(1, Math.floor(most));
  }

  get size(): number {
    return this.#size;
  }

  /** So many items took so long. */
  worked(items: number, spentMs: number): void {
    if (spentMs > aheadMs) {
      this.#size = Math.max(1, Math.floor((items * aheadMs) / spentMs));
    } else if (items >= this.#size && spentMs * 2 <= aheadMs) {
      this.#size = Math.min(this.#most, this.#size * 2);
    }
  }
}
