import type { MakeTokens } from '../jobserver/make-tokens.ts';

/**
 * How many jobs may run in a recipe of make: one, in whose place make has started mpctl, and one more for each token of its
 * jobserver. A token goes back as soon as a job has ended, and is asked for anew where another job waits: so the other
 * recipes of make have their share of them while the pool goes on.
 */
export class JobPermits {
  readonly #tokens: Pick<MakeTokens, 'held' | 'ask' | 'unask' | 'putBack' | 'close'>;
  readonly #onMore: () => void;
  #running = 0;
  #isAsked = false;

  /** `onMore` is called when one more job may run. */
  constructor(tokens: Pick<MakeTokens, 'held' | 'ask' | 'unask' | 'putBack' | 'close'>, onMore: () => void) {
    this.#tokens = tokens;
    this.#onMore = onMore;
  }

  /** Whether no other job may be started. */
  get isExhausted(): boolean {
    return this.#running > this.#tokens.held;
  }

  started(): void {
    this.#running += 1;
  }

  /** A job has ended, in which way ever. */
  ended(): void {
    this.#running -= 1;
    this.#tokens.putBack();
  }

  /** All was started that may run now; `isWanted`: another job waits for nothing but a token. */
  settle(isWanted: boolean): void {
    // What was read in vain, as where no job is to be started any more.
    while (this.#tokens.held > 0 && !this.isExhausted) this.#tokens.putBack();
    if (isWanted === this.#isAsked) return;
    this.#isAsked = isWanted;
    if (isWanted) this.#tokens.ask(() => this.#read());
    else this.#tokens.unask();
  }

  /** Nothing runs any more. */
  close(): void {
    this.#tokens.close();
  }

  #read(): void {
    this.#isAsked = false;
    this.#onMore();
  }
}
