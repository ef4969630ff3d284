import { acquire } from './acquire.ts';
import { WouldBlock } from './errors.ts';
import type { Held } from './held.ts';
import type { HolderNames } from './holder-names.ts';
import { type Holders, readHolders } from './holders.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import type { Thread } from './thread.ts';
import type { WaitOptions } from './wait-options.ts';

/** How many permits, and how long to wait for them. */
export interface PermitOptions extends WaitOptions {
  /** 1 without it. */
  readonly permits?: number | undefined;
}

/** A number of permits. */
export class Semaphore {
  readonly name: string;
  readonly #thread: Thread;
  readonly #holderNames: HolderNames | null;

  constructor(thread: Thread, holderNames: HolderNames | null, name: string) {
    this.#thread = thread;
    this.#holderNames = holderNames;
    this.name = name;
  }

  /**
   * Waits for the permits and holds them until the result is released or disposed of.
   *
   * @throws TimedOut, WouldBlock, Cancelled, Impossible, NotFound
   */
  async acquire({ permits = 1, ...options }: PermitOptions = {}): Promise<Held> {
    refuseUnknown(options, ['permits']);
    return acquire(this.#thread, this.#holderNames, { kind: 'semaphore', holds: { name: this.name, permits } }, options);
  }

  /** Takes the permits where they are free; null where they are not. */
  async tryAcquire(permits = 1): Promise<Held | null> {
    try {
      return await this.acquire({ permits, timeoutMs: 0 });
    } catch (error) {
      if (error instanceof WouldBlock) return null;
      throw error;
    }
  }

  /** Gives permits back that were not acquired by `acquire` here, or adds new ones, and waits until it is done. */
  async release(permits = 1): Promise<void> {
    await this.#thread.ask('semaphore.release', { holds: { name: this.name, permits } });
  }

  /** How many permits are free, who holds the others, and how many wait. */
  async look(): Promise<Holders> {
    return readHolders(await this.#thread.ask('semaphore.look', { name: this.name }));
  }
}
