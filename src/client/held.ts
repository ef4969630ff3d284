import type { Json } from '../base/json.ts';
import { fieldsOf, listOf, numberOf, textOf } from './answer.ts';
import { NotOwner } from './errors.ts';
import { fieldOf } from './field-of.ts';

/** Locks or permits that are held, until `release` or the end of an `await using` block. */
export class Held implements AsyncDisposable {
  /** Fencing number of each, rising with every grant. */
  readonly tokens: Readonly<Record<string, number>>;
  /** Those whose last holder ended without releasing them: what they protect may be half done. */
  readonly ownerDied: readonly string[];
  readonly #release: () => void;
  #isHeld = true;

  constructor(tokens: Held['tokens'], ownerDied: Held['ownerDied'], release: () => void) {
    this.tokens = tokens;
    this.ownerDied = ownerDied;
    this.#release = release;
  }

  /** What the answer to an `acquire` says is held. */
  static of(answer: Json, release: () => void): Held {
    return new Held(fieldsOf(fieldOf(answer, 'tokens'), numberOf), listOf(fieldOf(answer, 'owner_died')).map(textOf), release);
  }

  /** Fencing number where only one is held; of several, that of the first. */
  get token(): number {
    return numberOf(Object.values(this.tokens)[0]);
  }

  /**
   * Releases them, in order with all other calls and without waiting for an answer.
   *
   * @throws NotOwner where they were released before.
   */
  async release(): Promise<void> {
    if (!this.#isHeld) throw new NotOwner('not_owner', `${Object.keys(this.tokens).join(', ')}: released before`);
    this.#isHeld = false;
    this.#release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isHeld) await this.release();
  }
}
