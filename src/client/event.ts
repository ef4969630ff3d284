import { truthOf } from './answer.ts';
import { fieldOf } from './field-of.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import type { Thread } from './thread.ts';
import type { WaitOptions } from './wait-options.ts';

/** A flag that is waited for. */
export class Event {
  readonly name: string;
  readonly #thread: Thread;

  constructor(thread: Thread, name: string) {
    this.#thread = thread;
    this.name = name;
  }

  /** Sets it, which wakes everyone who waits. */
  async set(): Promise<void> {
    await this.#thread.ask('event.set', { name: this.name });
  }

  async clear(): Promise<void> {
    await this.#thread.ask('event.clear', { name: this.name });
  }

  /**
   * Returns once it is set.
   *
   * @throws TimedOut, WouldBlock, Cancelled, Impossible
   */
  async wait(options: WaitOptions = {}): Promise<void> {
    refuseUnknown(options);
    await this.#thread.wait('event.wait', { name: this.name }, options);
  }

  async isSet(): Promise<boolean> {
    return truthOf(fieldOf(await this.#thread.ask('event.look', { name: this.name }), 'is_set'));
  }
}
