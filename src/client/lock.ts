import { acquire } from './acquire.ts';
import { WouldBlock } from './errors.ts';
import type { Held } from './held.ts';
import type { HolderNames } from './holder-names.ts';
import { type Holders, readHolders } from './holders.ts';
import type { OwnLock } from './own-lock.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import type { Thread } from './thread.ts';
import type { WaitOptions } from './wait-options.ts';

/** One lock, or several that are taken at once: all of them or none. */
export class Lock {
  readonly names: readonly string[];
  readonly #thread: Thread;
  readonly #holderNames: HolderNames | null;
  readonly #own: OwnLock | null;

  /** With `own`, which a single plain lock has, it is acquired through that. */
  constructor(thread: Thread, holderNames: HolderNames | null, names: readonly string[], own: OwnLock | null) {
    this.#thread = thread;
    this.#holderNames = holderNames;
    this.names = names;
    this.#own = own;
  }

  /**
   * Waits for the lock and holds it until the result is released or disposed of.
   *
   * @throws TimedOut, WouldBlock, Cancelled, Deadlock, NotFound
   */
  async acquire(options: WaitOptions = {}): Promise<Held> {
    refuseUnknown(options);
    if (this.#own !== null) return this.#own.acquire(options);
    return acquire(this.#thread, this.#holderNames, { kind: 'lock', holds: this.names }, options);
  }

  /** Takes the lock where it is free; null where it is not. */
  async tryAcquire(): Promise<Held | null> {
    try {
      return await this.acquire({ timeoutMs: 0 });
    } catch (error) {
      if (error instanceof WouldBlock) return null;
      throw error;
    }
  }

  /**
   * Releases what this instance holds in another way than by `acquire` here, for example since its
   * start, and waits until it is done.
   *
   * @throws NotOwner
   */
  async release(): Promise<void> {
    await this.#thread.ask('lock.release', { holds: this.names });
  }

  /** Who holds it, and how many wait; of several, the first. */
  async look(): Promise<Holders> {
    return readHolders(await this.#thread.ask('lock.look', { name: this.names[0] }));
  }
}
