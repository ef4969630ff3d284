import type { timingSafeEqual } from 'node:crypto';
import { randomHex } from '../random-hex.ts';

const keyBytes = 32;
/** What a key is held against whose name has no secret. */
const noSecret = '0'.repeat(2 * keyBytes);
/** So many keys are read from the system at once: a thousand instances open its file a few times only. */
const keysAtOnce = 64;

/**
 * The secrets of a run: one for each instance, made when its first process starts, and the operator's.
 * A key is `<name>.<secret>`, so that it says itself whose it is.
 */
export class Keys {
  readonly #secrets = new Map<string, string>();
  /** Random digits that no key has taken yet. */
  #digits = '';

  /** The key of an instance, the same for all of its attempts. */
  keyOf(instance: string): string {
    let secret = this.#secrets.get(instance);
    if (secret === undefined) {
      secret = this.#takeSecret();
      this.#secrets.set(instance, secret);
    }
    return `${instance}.${secret}`;
  }

  #takeSecret(): string {
    const length = 2 * keyBytes;
    // One alone costs no more than what it takes; whoever asks again will ask often.
    if (this.#digits.length < length) this.#digits = randomHex(keyBytes * (this.#secrets.size < 2 ? 2 : keysAtOnce));
    const secret = this.#digits.slice(0, length);
    this.#digits = this.#digits.slice(length);
    return secret;
  }

  /**
   * Whose key it is; null for a key that is none of this run. Every key is compared once, in a time that
   * depends on nothing but its own length: with `isSame`, which is not loaded before somebody shows one.
   */
  ownerOf(key: string, isSame: typeof timingSafeEqual): string | null {
    const dot = key.lastIndexOf('.');
    const name = key.slice(0, dot);
    const secret = this.#secrets.get(name);
    const wanted = Buffer.from(secret ?? noSecret);
    const given = Buffer.from(key.slice(dot + 1));
    const ofItsLength = Buffer.alloc(wanted.length);
    given.copy(ofItsLength);
    return isSame(ofItsLength, wanted) && given.length === wanted.length && secret !== undefined ? name : null;
  }
}
