import { TimedOut } from './errors.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import type { Thread } from './thread.ts';
import type { WaitOptions } from './wait-options.ts';

/** A condition over a lock of the spec, which the caller holds for every call. */
export class Condition {
  readonly name: string;
  readonly #thread: Thread;

  constructor(thread: Thread, name: string) {
    this.#thread = thread;
    this.name = name;
  }

  /**
   * Gives the lock up and waits to be notified. The lock is held again when it returns, and when it
   * throws `TimedOut` or `Impossible`; not when it was called off.
   *
   * @throws TimedOut, Impossible, NotOwner, Cancelled
   */
  async wait(options: WaitOptions = {}): Promise<void> {
    refuseUnknown(options);
    await this.#thread.wait('condition.wait', { name: this.name }, options);
  }

  /**
   * Waits until the predicate is true, however often it is notified before.
   *
   * @throws TimedOut where it is not true in time, and what `wait` throws.
   */
  async waitFor(predicate: () => boolean | Promise<boolean>, { timeoutMs, signal }: WaitOptions = {}): Promise<void> {
    const endMs = timeoutMs === null || timeoutMs === undefined ? null : performance.now() + timeoutMs;
    while (!(await predicate())) {
      const leftMs = endMs === null ? null : endMs - performance.now();
      if (leftMs !== null && leftMs <= 0) throw new TimedOut('timed_out', `\`${this.name}\`: what was waited for is not true in time`);
      try {
        await this.wait({ timeoutMs: leftMs, signal });
      } catch (error) {
        // What came true in the last moment counts, as in Python.
        if (!(error instanceof TimedOut) || !(await predicate())) throw error;
        return;
      }
    }
  }

  /** Wakes so many of those that wait. */
  async notify(count = 1): Promise<void> {
    await this.#thread.ask('condition.notify', { name: this.name, count });
  }

  async notifyAll(): Promise<void> {
    await this.#thread.ask('condition.notify', { name: this.name, count: 'all' });
  }
}
