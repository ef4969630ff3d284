import type { Json } from '../base/json.ts';
import { listOf, numberOf, numberOrNull, truthOf } from './answer.ts';
import { BatchSize } from './batch-size.ts';
import { batchesOf } from './batches.ts';
import { Closed } from './errors.ts';
import { fieldOf } from './field-of.ts';
import type { Stash } from './stash.ts';
import type { Thread } from './thread.ts';
import type { WaitOptions } from './wait-options.ts';

/** How an item is put. */
export interface PutOptions extends WaitOptions {
  /** Of an ordered queue: lowest first; 0 without it. */
  readonly priority?: number | undefined;
}

/** How items are gone through. */
export interface ItemsOptions {
  /** At most so many are asked for at once; 1 takes none ahead of the one that is worked on. */
  readonly ahead?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** State of a queue at one moment. */
export interface QueueState {
  readonly size: number;
  /** Items that consumers have and that are not done. */
  readonly inHand: number;
  /** Items that were put and are not done: what `join` waits for. */
  readonly unfinished: number;
  /** null without limit. */
  readonly capacity: number | null;
  /** Whether it is at its end. */
  readonly hasEnded: boolean;
}

const mostAhead = 1000;

/** A queue of JSON values. `for await (const item of queue)` goes on until its end of stream. */
export class Queue implements AsyncIterable<Json> {
  readonly name: string;
  readonly #thread: Thread;
  readonly #stash: Stash;

  constructor(thread: Thread, name: string, stash: Stash) {
    this.#thread = thread;
    this.name = name;
    this.#stash = stash;
  }

  /**
   * Puts one item, waiting for room.
   *
   * @throws Full with `timeoutMs: 0`, TimedOut, Broken, AlreadyClosed, NotDeclared, TooLarge
   */
  async put(item: Json, { priority, ...options }: PutOptions = {}): Promise<void> {
    await this.#thread.wait('queue.put', { name: this.name, item, priority }, options);
  }

  /**
   * Puts many items in order, a thousand in one message; `timeoutMs` is for each message. Gives how many
   * were put: fewer than there are only where the time was over after some of them.
   *
   * @throws What `put` throws, where not even the first of a message could be put.
   */
  async putAll(items: Iterable<Json>, { priority, ...options }: PutOptions = {}): Promise<number> {
    let total = 0;
    for (const batch of batchesOf(items, this.#thread.connection.maxFrameBytes)) {
      const answer = await this.#thread.wait('queue.put', { name: this.name, items: batch, priority }, options);
      const put = numberOf(fieldOf(answer, 'put'));
      total += put;
      if (put < batch.length) break;
    }
    return total;
  }

  /**
   * Takes one item, waiting for it.
   *
   * @throws Empty with `timeoutMs: 0`, TimedOut, Closed at the end of stream, NotDeclared
   */
  async get(options: WaitOptions = {}): Promise<Json> {
    if (this.#stash.size === 0) this.#stash.add(await this.#fetch(1, options));
    return this.#stash.take();
  }

  /** Takes one item, waiting for it, and what else is there up to `max` in all; throws what `get` throws. */
  async getSome(max: number, options: WaitOptions = {}): Promise<readonly Json[]> {
    return this.#stash.size > 0 ? this.#stash.takeSome(max) : this.#fetch(max, options);
  }

  /**
   * Goes through the items until the end of stream. Quick work is asked for in batches, of at most what
   * takes 2 ms; what a `break` leaves of a batch comes with the next `get`.
   */
  async *items({ ahead = mostAhead, signal }: ItemsOptions = {}): AsyncGenerator<Json, void, undefined> {
    const batch = new BatchSize(ahead);
    try {
      for (;;) {
        if (this.#stash.size === 0) this.#stash.add(await this.#fetch(batch.size, { signal }));
        const startMs = performance.now();
        let worked = 0;
        while (this.#stash.size > 0) {
          worked += 1;
          yield this.#stash.take();
        }
        batch.worked(worked, performance.now() - startMs);
      }
    } catch (error) {
      if (!(error instanceof Closed)) throw error;
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Json, void, undefined> {
    return this.items();
  }

  /** The oldest item that this instance has in hand is done. */
  async taskDone(): Promise<void> {
    await this.#thread.ask('queue.task_done', { name: this.name });
  }

  /**
   * Waits until every item that was put is done.
   *
   * @throws TimedOut, WouldBlock, Cancelled, Impossible
   */
  async join(options: WaitOptions = {}): Promise<void> {
    await this.#thread.wait('queue.join', { name: this.name }, options);
  }

  /** This instance puts no more; others may. */
  async close(): Promise<void> {
    await this.#thread.ask('queue.close', { name: this.name });
  }

  /** How many items are waiting. */
  async size(): Promise<number> {
    return (await this.look()).size;
  }

  async look(): Promise<QueueState> {
    const answer = await this.#thread.ask('queue.look', { name: this.name });
    return {
      size: numberOf(fieldOf(answer, 'size')),
      inHand: numberOf(fieldOf(answer, 'in_hand')),
      unfinished: numberOf(fieldOf(answer, 'unfinished')),
      capacity: numberOrNull(fieldOf(answer, 'capacity')),
      hasEnded: truthOf(fieldOf(answer, 'ended')),
    };
  }

  async #fetch(max: number, options: WaitOptions): Promise<readonly Json[]> {
    return listOf(fieldOf(await this.#thread.wait('queue.get', { name: this.name, max }, options), 'items'));
  }
}
