import { openSync, readSync, writeSync } from 'node:fs';
import type { Json } from '../base/json.ts';
import { numberOrNull, textOf } from './answer.ts';
import { BatchSize } from './batch-size.ts';
import { Refused } from './errors.ts';
import { fieldOf } from './field-of.ts';
import type { Thread } from './thread.ts';

/** Bytes of a number in a tally, lowest byte first. */
const wordBytes = 8;
/** Where it stands at how many taken the run is to be told, as somebody waits for room. */
const wantedPlace = 8;
/** Its highest bit: what is taken just now is not counted one by one. */
const uncounted = 2n ** 63n;

/**
 * Items of one queue that this process was lent ahead of its gets. They are the queue's until they are
 * taken, and go back when others need them or this process ends. How many were taken stands in a file
 * that the run reads then: while the program works through items without a pause, all of them count as
 * taken; at every pause the file says how many were. Of a bounded queue each is counted, as it makes room.
 */
export class Loan {
  readonly #name: string;
  readonly #file: number;
  readonly #bytes = Buffer.alloc(wordBytes);
  /** Tells the run that there is room; null where nobody waits for room. */
  readonly #tell: ((taken: number) => void) | null;
  #told = 0n;
  readonly #batch: BatchSize;
  #items: readonly Json[] = [];
  #next = 0;
  #lent = 0;
  #startMs = 0;
  #isCounting = false;
  /** One get at a time borrows, so that the items come in the order of the run. */
  isFetching = false;

  private constructor(name: string, file: number, most: number, tell: ((taken: number) => void) | null) {
    this.#name = name;
    this.#file = file;
    this.#tell = tell;
    this.#batch = new BatchSize(most);
  }

  /** Begins to borrow; null where the run keeps no tally for this process. */
  static async open(thread: Thread, name: string, most: number): Promise<Loan | null> {
    try {
      const answer = await thread.ask('queue.tally', { name });
      const file = openTally(textOf(fieldOf(answer, 'path')));
      if (file === null) return null;
      const isBounded = numberOrNull(fieldOf(answer, 'capacity')) !== null;
      const tell = (taken: number): void => thread.tell('queue.give_back', { name, taken, last: 0 });
      const loan = new Loan(name, file, most, isBounded ? tell : null);
      thread.connection.onRecall(name, () => loan.#giveBack(thread));
      return loan;
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  /** How many were taken in all. */
  get taken(): number {
    return this.#lent - this.size;
  }

  /** How many are left. */
  get size(): number {
    return this.#items.length - this.#next;
  }

  /** So many are worth asking for. */
  get batchSize(): number {
    return this.#batch.size;
  }

  /** Takes the first; undefined where nothing is left. */
  take(): Json | undefined {
    const item = this.#items[this.#next];
    if (item === undefined) return undefined;
    if (this.#tell !== null) {
      this.#makeRoom(this.taken + 1, this.#tell);
    } else if (!this.#isCounting) {
      this.#isCounting = true;
      this.#count(this.#lent, uncounted);
      process.nextTick(() => {
        this.#isCounting = false;
        this.#count(this.taken, 0n);
      });
    }
    this.#next += 1;
    if (this.size === 0) this.#batch.worked(this.#items.length + 1, performance.now() - this.#startMs);
    return item;
  }

  /** Takes at most so many. */
  takeSome(max: number): readonly Json[] {
    const items: Json[] = [];
    while (items.length < max && this.size > 0) items.push(this.take() ?? null);
    return items;
  }

  /** What came behind the item that was asked for; the one before it has been worked through. */
  came(items: readonly Json[]): void {
    if (items.length === 0 && this.#startMs > 0) this.#batch.worked(1, performance.now() - this.#startMs);
    this.#items = items;
    this.#next = 0;
    this.#lent += items.length;
    this.#startMs = performance.now();
  }

  /** Counts first, and then looks whether somebody waits for the room: the run asks for it and then looks at the count. */
  #makeRoom(taken: number, tell: (taken: number) => void): void {
    this.#count(taken, 0n);
    readSync(this.#file, this.#bytes, 0, wordBytes, wantedPlace);
    const wanted = this.#bytes.readBigUInt64LE();
    if (BigInt(taken) < wanted || wanted === this.#told) return;
    this.#told = wanted;
    tell(taken);
  }

  #giveBack(thread: Thread): void {
    const { size } = this;
    this.#items = [];
    this.#next = 0;
    this.#lent -= size;
    thread.tell('queue.give_back', { name: this.#name, taken: this.#lent, last: size });
  }

  #count(taken: number, mark: bigint): void {
    this.#bytes.writeBigUInt64LE(BigInt(taken) | mark);
    writeSync(this.#file, this.#bytes, 0, wordBytes, 0);
  }
}

/** null where the folder of the run is not to be seen from here, or was removed. */
function openTally(path: string): number | null {
  try {
    return openSync(path, 'r+');
  } catch {
    return null;
  }
}
