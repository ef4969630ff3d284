import { randomHex } from '../random-hex.ts';

const keyBytes = 32;

/**
 * The secrets of a run: one for each instance, made when its first process starts, and the operator's.
 * A key is `<name>.<secret>`, so that it says itself whose it is.
 */
export class Keys {
  readonly #secrets = new Map<string, string>();

  /** The key of an instance, the same for all of its attempts. */
  keyOf(instance: string): string {
    let secret = this.#secrets.get(instance);
    if (secret === undefined) {
      secret = randomHex(keyBytes);
      this.#secrets.set(instance, secret);
    }
    return `${instance}.${secret}`;
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
