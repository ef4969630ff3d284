import type { Json } from '../base/json.ts';
import { listOf, numberOf, numberOrNull, truthOf } from './answer.ts';
import { batchesOf } from './batches.ts';
import { CollectedPuts } from './collected-puts.ts';
import { Closed, UnexpectedAnswer } from './errors.ts';
import { fieldOf } from './field-of.ts';
import { Loan } from './loan.ts';
import { MpctlError } from './mpctl-error.ts';
import type { QueueEnds } from './queue-ends.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import type { Thread } from './thread.ts';
import { toJson } from './to-json.ts';
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
/** So many gets in quick succession make it worth while to borrow. */
const getsBeforeLoan = 16;
/** How quick that is, in ms for each. */
const quickGetMs = 2;

/** A queue of JSON values. `for await (const item of queue)` goes on until its end of stream. */
export class Queue implements AsyncIterable<Json> {
  readonly name: string;
  readonly #thread: Thread;
  readonly #ends: QueueEnds;

  constructor(thread: Thread, name: string, ends: QueueEnds) {
    this.#thread = thread;
    this.name = name;
    this.#ends = ends;
  }

  /**
   * Puts one item, waiting for room where the queue has a bound. Into an unbounded queue, what is put
   * without a pause goes out together, before anything else that the program asks; that it was refused is
   * told by a later put, by `close`, or when the run is closed.
   *
   * @throws Full with `timeoutMs: 0`, TimedOut, Broken, AlreadyClosed, NotDeclared, TooLarge
   */
  async put(item: Json, { priority, ...options }: PutOptions = {}): Promise<void> {
    refuseUnknown(options, ['priority']);
    const { puts } = this.#ends;
    if (puts !== null && priority === undefined) {
      if (puts.isBehind) await puts.settle();
      if (puts.add(toJson(item))) return;
    }
    await this.#thread.wait('queue.put', { name: this.name, item, priority }, options);
    if (!this.#ends.isKnown) await this.#lookForBound();
  }

  /**
   * Puts many items in order, a thousand in one message; `timeoutMs` is for each message. Gives how many
   * were put: fewer than there are only where the time was over after some of them.
   *
   * @throws What `put` throws; its `put` says how many were put before.
   */
  async putAll(items: Iterable<Json>, { priority, ...options }: PutOptions = {}): Promise<number> {
    refuseUnknown(options, ['priority']);
    let total = 0;
    try {
      for (const batch of batchesOf(items, this.#thread.connection.maxFrameBytes)) {
        const answer = await this.#thread.wait('queue.put', { name: this.name, items: batch, priority }, options);
        const put = numberOf(fieldOf(answer, 'put'));
        total += put;
        if (put < batch.length) break;
      }
    } catch (error) {
      if (error instanceof MpctlError) error.put += total;
      throw error;
    }
    return total;
  }

  /**
   * Takes one item, waiting for it. Whoever gets item after item in no time is lent others ahead;
   * what it has not taken goes back when others need it or this process ends.
   *
   * @throws Empty with `timeoutMs: 0`, TimedOut, Closed at the end of stream, NotDeclared
   */
  async get(options: WaitOptions = {}): Promise<Json> {
    refuseUnknown(options);
    const item = this.#ends.loan?.take();
    if (item !== undefined) return item;
    if (this.#ends.loan === null && this.#getsOften()) await this.#borrow(mostAhead);
    return this.#fetch(options);
  }

  /** Takes one item, waiting for it, and what else is there up to `max` in all; throws what `get` throws. */
  async getSome(max: number, options: WaitOptions = {}): Promise<readonly Json[]> {
    refuseUnknown(options);
    const items = this.#ends.loan?.takeSome(max) ?? [];
    return items.length > 0 ? items : this.#ask(max, options);
  }

  /**
   * Goes through the items until the end of stream. Quick work is asked for in batches, of at most what
   * takes 2 ms; what a `break` leaves of a batch comes with the next `get`.
   */
  async *items({ ahead = mostAhead, signal, ...others }: ItemsOptions = {}): AsyncGenerator<Json, void, undefined> {
    refuseUnknown(others, ['ahead']);
    try {
      if (ahead > 1 && this.#ends.loan === null) await this.#borrow(ahead);
      for (;;) yield this.#ends.loan?.take() ?? (await this.#fetch({ signal }));
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
    refuseUnknown(options);
    await this.#thread.wait('queue.join', { name: this.name }, options);
  }

  /** This instance puts no more; others may. */
  async close(): Promise<void> {
    await this.#ends.puts?.settle();
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

  async #fetch(options: WaitOptions): Promise<Json> {
    const { loan } = this.#ends;
    if (loan === null || loan.isFetching) return firstOf(await this.#ask(1, options));
    loan.isFetching = true;
    try {
      const [first, ...others] = await this.#ask(loan.batchSize, options, loan.taken);
      loan.came(others);
      return firstOf([first]);
    } finally {
      loan.isFetching = false;
    }
  }

  async #ask(max: number, options: WaitOptions, taken?: number): Promise<readonly Json[]> {
    return listOf(fieldOf(await this.#thread.wait('queue.get', { name: this.name, max, taken }, options), 'items'));
  }

  async #borrow(most: number): Promise<void> {
    const ends = this.#ends;
    // Two that begin at the same time would be one reader for the run, and count apart.
    ends.borrowing ??= Loan.open(this.#thread, this.name, most);
    try {
      ends.loan = await ends.borrowing;
    } finally {
      ends.borrowing = null;
    }
  }

  #getsOften(): boolean {
    const ends = this.#ends;
    ends.gets += 1;
    if (ends.gets % getsBeforeLoan !== 1) return false;
    const nowMs = performance.now();
    const isOften = ends.gets > 1 && nowMs - ends.countedSinceMs < getsBeforeLoan * quickGetMs;
    ends.countedSinceMs = nowMs;
    return isOften;
  }

  async #lookForBound(): Promise<void> {
    const { capacity } = await this.look();
    this.#ends.isKnown = true;
    if (capacity === null) this.#ends.puts ??= new CollectedPuts(this.#thread, this.name);
  }
}

function firstOf(items: readonly (Json | undefined)[]): Json {
  const [item] = items;
  if (item === undefined) throw new UnexpectedAnswer('unexpected_answer', 'the run has answered a get without an item');
  return item;
}
