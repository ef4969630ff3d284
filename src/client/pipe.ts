import type { Json } from '../base/json.ts';
import { truthOf } from './answer.ts';
import { Closed } from './errors.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import type { Thread } from './thread.ts';
import type { WaitOptions } from './wait-options.ts';

/** This instance's end of a pipe. `for await (const message of pipe)` goes on until its end of stream. */
export class Pipe implements AsyncIterable<Json> {
  readonly name: string;
  readonly #thread: Thread;

  constructor(thread: Thread, name: string) {
    this.#thread = thread;
    this.name = name;
  }

  /**
   * Sends one message, waiting for room.
   *
   * @throws Full with `timeoutMs: 0`, TimedOut, Broken, AlreadyClosed
   */
  async send(item: Json, options: WaitOptions = {}): Promise<void> {
    refuseUnknown(options);
    await this.#thread.wait('pipe.send', { name: this.name, item }, options);
  }

  /**
   * Takes one message, waiting for it.
   *
   * @throws Empty with `timeoutMs: 0`, TimedOut, Closed at the end of stream, AlreadyClosed
   */
  async recv(options: WaitOptions = {}): Promise<Json> {
    refuseUnknown(options);
    return this.#thread.wait('pipe.recv', { name: this.name }, options);
  }

  /**
   * Whether `recv` would return or throw `Closed` at once; waits for that where it may, and takes nothing.
   *
   * @throws AlreadyClosed
   */
  async poll({ timeoutMs = 0, signal }: WaitOptions = {}): Promise<boolean> {
    return truthOf(await this.#thread.wait('pipe.poll', { name: this.name }, { timeoutMs, signal }));
  }

  /** Closes this end, in both directions. */
  async close(): Promise<void> {
    await this.#thread.ask('pipe.close', { name: this.name });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Json, void, undefined> {
    try {
      for (;;) yield await this.recv();
    } catch (error) {
      if (!(error instanceof Closed)) throw error;
    }
  }
}
