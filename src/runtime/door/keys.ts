import type { timingSafeEqual } from 'node:crypto';
import { randomText } from '../random-text.ts';

/** Nobody guesses 144 bits at a socket. */
const keyBytes = 18;
/** Four have three bytes. */
const keyDigits = (keyBytes * 4) / 3;
/**
 * So many of its last digits, 48 bits, differ in the key of the next attempt: nobody who has survived his own guesses them. The
 * shells of slots read each by itself, so that they are few, of six bits each.
 */
export const renewedKeyDigits = 8;
/** What a key is held against whose name has no secret. */
const noSecret = '0'.repeat(keyDigits);
/** So many keys are read from the system at once: thousands of tasks open its file a few times only. */
const keysAtOnce = 256;

/** Whom a key speaks for: one attempt of an instance, or of a task in a slot, or one worker of a slot. */
export interface KeyedAttempt {
  readonly instance: string;
  /** It has ended: nobody speaks for it any more. */
  readonly isOver: boolean;
}

interface IssuedKey {
  readonly secret: string;
  readonly attempt: { readonly instance: string; isOver: boolean };
  /** Somebody has spoken with it. */
  wasShown: boolean;
}

/**
 * The secrets of a run: one for each attempt, made when its first process is started, and the operator's.
 * A key is `<name>.<secret>`, so that it says itself whose it is. Whoever survives his attempt has a key
 * that is nobody's as soon as the next one has begun.
 */
export class Keys {
  /** The last one of each instance. */
  readonly #issued = new Map<string, IssuedKey>();
  /** Random digits that no key has taken yet. */
  #digits = '';

  /** The key of the attempt of an instance that is under way, or that begins now. */
  keyOf(instance: string): string {
    let key = this.#issued.get(instance);
    if (key === undefined || key.attempt.isOver) {
      const kept = key === undefined ? '' : key.secret.slice(0, -renewedKeyDigits);
      key = { secret: `${kept}${this.#takeDigits(keyDigits - kept.length)}`, attempt: { instance, isOver: false }, wasShown: false };
      this.#issued.set(instance, key);
    }
    return `${instance}.${key.secret}`;
  }

  /** The attempt of an instance has ended, if one was under way. */
  end(instance: string): void {
    const key = this.#issued.get(instance);
    if (key !== undefined) key.attempt.isOver = true;
  }

  /** Whether a program of the last attempt of an instance has ever spoken to mpctl. */
  wasShown(instance: string): boolean {
    return this.#issued.get(instance)?.wasShown === true;
  }

  #takeDigits(length: number): string {
    // One alone costs no more than what it takes; whoever asks again will ask often.
    if (this.#digits.length < length) this.#digits = randomText(keyBytes * (this.#issued.size < 2 ? 2 : keysAtOnce), 'base64url');
    const digits = this.#digits.slice(0, length);
    this.#digits = this.#digits.slice(length);
    return digits;
  }

  /**
   * Whose key it is; null for a key that is none of this run, or of an attempt before the last one. Every key is compared
   * once, in a time that depends on nothing but its own length: with `isSame`, which is not loaded before somebody shows one.
   */
  ownerOf(key: string, isSame: typeof timingSafeEqual): KeyedAttempt | null {
    const dot = key.lastIndexOf('.');
    const issued = this.#issued.get(key.slice(0, dot));
    const wanted = Buffer.from(issued?.secret ?? noSecret);
    const given = Buffer.from(key.slice(dot + 1));
    const ofItsLength = Buffer.alloc(wanted.length);
    given.copy(ofItsLength);
    if (!isSame(ofItsLength, wanted) || given.length !== wanted.length || issued === undefined) return null;
    issued.wasShown = true;
    return issued.attempt;
  }
}
