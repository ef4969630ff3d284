import type { Guardian } from '../processes/guardian.ts';
import type { TokenPipe } from './token-pipe.ts';

type Pipe = Pick<TokenPipe, 'ask' | 'unask' | 'put' | 'close'>;
type Keeper = Pick<Guardian, 'holdToken' | 'dropToken' | 'tell'>;

/** The tokens of make's jobserver in the hand of mpctl: the same bytes go back. The guardian puts back those of a killed mpctl. */
export class MakeTokens {
  readonly #pipe: Pipe;
  readonly #guardian: Keeper;
  readonly #held: number[] = [];

  constructor(pipe: Pipe, guardian: Keeper) {
    this.#pipe = pipe;
    this.#guardian = guardian;
  }

  /** How many they are. */
  get held(): number {
    return this.#held.length;
  }

  /** Reads the next one, once there is one, unless others are quicker. */
  ask(onRead: () => void): void {
    this.#pipe.ask((token) => {
      this.#held.push(token);
      this.#guardian.holdToken(token);
      // At once: a command that runs on this token may be seen by somebody who then kills mpctl.
      this.#guardian.tell();
      onRead();
    });
  }

  /** Leaves the tokens that come to others; false where none is asked for. */
  unask(): boolean {
    return this.#pipe.unask();
  }

  /** Puts one back, if there is one. */
  putBack(): void {
    const token = this.#held.pop();
    if (token === undefined) return;
    // Told before: a token too few, should mpctl be killed in between, and never one too many.
    this.#guardian.dropToken(token);
    this.#pipe.put([token]);
  }

  /** Puts all of them back. */
  close(): void {
    while (this.#held.length > 0) this.putBack();
    this.#pipe.close();
  }
}
