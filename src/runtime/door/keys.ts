import { randomHex } from '../random-hex.ts';

const keyBytes = 32;
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

  /** Whose key it is; null for a key that is none of this run. Takes equally long for every wrong secret. */
  ownerOf(key: string): string | null {
    const dot = key.lastIndexOf('.');
    const name = key.slice(0, dot);
    const secret = this.#secrets.get(name);
    return secret !== undefined && isEqual(secret, key.slice(dot + 1)) ? name : null;
  }
}

/** Compares in a time that depends on the length of what was given alone. */
function isEqual(secret: string, given: string): boolean {
  const [wanted, bytes] = [Buffer.from(secret), Buffer.from(given)];
  let difference = wanted.length ^ bytes.length;
  for (const [index, byte] of bytes.entries()) difference |= byte ^ (wanted[index % wanted.length] ?? 0);
  return difference === 0;
}
