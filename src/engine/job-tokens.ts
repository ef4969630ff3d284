/**
 * What is to be done next: read one token, wait for it no longer, or take one out of use and put it back.
 * Each `ask` is answered once: one was read, or it was called off in time.
 */
export type TokenMove = 'ask' | 'unask' | 'put_back';

/** What the commands have of tokens just now. */
export interface TokenUse {
  /** How many run. */
  readonly used: number;
  /** One that waits could run, as far as is known, if only there were a token. */
  readonly isWanted: boolean;
}

/**
 * The tokens of one jobserver in the hand of mpctl: when one is asked for and when it goes back. Whoever
 * was granted to run is told from outside, before each question what to do next.
 *
 * A token is asked for when all that are there are in use and one is wanted. One that came in vain, since
 * whoever wants it waits for something else after all, is kept while it is wanted, and never a second one:
 * to put it back and to ask again would go on for as long as the other thing is taken. All that nobody wants
 * go back.
 */
export class JobTokens {
  /** Commands that run without a token: the one in whose place mpctl itself was started. */
  readonly #implicit: number;
  /** No more commands than these can be of use at once. */
  readonly #most: number;
  #held = 0;
  #ask: 'none' | 'open' | 'called_off' = 'none';
  #isPuttingBack = false;
  /** The use at which one was last to be taken out of use: where that is refused it is tried again after a change. */
  #refusedAt: TokenUse | null = null;

  constructor({ implicit, most }: { readonly implicit: number; readonly most: number }) {
    this.#implicit = implicit;
    this.#most = most;
  }

  /** Tokens that were read and not put back. */
  get held(): number {
    return this.#held;
  }

  /** How many commands may run. */
  get permits(): number {
    return this.#implicit + this.#held;
  }

  /** To be asked until there is nothing to be done. */
  next({ used, isWanted }: TokenUse): TokenMove | null {
    const spare = this.permits - used;
    if (this.#refusedAt !== null && (this.#refusedAt.used !== used || this.#refusedAt.isWanted !== isWanted)) this.#refusedAt = null;
    if (isWanted && spare <= 0 && this.permits < this.#most) {
      // One that was called off may have been read all the same.
      if (this.#ask !== 'none') return null;
      this.#ask = 'open';
      return 'ask';
    }
    if (this.#ask === 'open') {
      this.#ask = 'called_off';
      return 'unask';
    }
    const kept = isWanted ? 1 : 0;
    if (this.#isPuttingBack || this.#held === 0 || spare <= kept) return null;
    if (this.#refusedAt !== null) return null;
    this.#isPuttingBack = true;
    this.#refusedAt = { used, isWanted };
    return 'put_back';
  }

  /** One was read, wanted or not. */
  read(): void {
    this.#held += 1;
    this.#ask = 'none';
    this.#refusedAt = null;
  }

  /** None was read before it was called off. */
  unasked(): void {
    this.#ask = 'none';
  }

  /** The one to be put back is out of use, or is not since it was granted meanwhile. */
  putBack(isOut: boolean): void {
    this.#isPuttingBack = false;
    if (!isOut) return;
    this.#held -= 1;
    this.#refusedAt = null;
  }
}
