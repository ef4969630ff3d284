import { closeSync, readSync } from 'node:fs';
import { makeClientFile } from './make-client-file.ts';
import { removeFile } from './remove-file.ts';
import type { Owner } from '../../sync/operation.ts';
import type { ClientFiles } from './client-files.ts';
import { Pace } from './pace.ts';
import { writeWord } from './write-word.ts';

/** What a reader has taken of what it was lent. */
export interface Tally {
  readonly owner: Owner;
  readonly queue: string;
  /** In all. */
  readonly taken: number;
}

/** The connection over which a process hears of its loans. */
export interface Borrower {
  readonly isClosed: boolean;
  recall(queue: string): void;
}

interface Loan {
  readonly owner: Owner;
  readonly queue: string;
  readonly file: number;
  readonly path: string;
  readonly borrower: Borrower;
  readonly pace: Pace;
}

/** A tally has three numbers of 64 bits, lowest byte first: what is taken, what the run writes, and one that the client may write for nothing. */
const tallyBytes = 24;
/** Where the number stands that the run writes. */
const wantedPlace = 8;
const wordBytes = 8;

/**
 * Who borrows items of queues. Each reader counts in a file what it takes, before it hands it on: when it
 * is killed, the file tells what it had taken, so that nothing is lost and nothing comes twice.
 */
export class Loans {
  readonly #files: ClientFiles;
  readonly #loans = new Map<string, Loan>();

  constructor(files: ClientFiles) {
    this.#files = files;
  }

  /**
   * Makes the tally of a reader, or gives the path of the one that it has; null where that belongs to
   * another connection of the same process, whose client counts for itself. Room of the queue is wanted
   * for `mostRoom` at most at once.
   *
   * @throws NodeJS.ErrnoException where no file can be made.
   */
  open(owner: Owner, queue: string, borrower: Borrower, mostRoom: number): string | null {
    const key = keyOf(owner, queue);
    const known = this.#loans.get(key);
    if (known !== undefined) {
      if (known.borrower !== borrower && !known.borrower.isClosed) return null;
      this.#loans.set(key, { ...known, borrower });
      return known.path;
    }
    const path = this.#files.next();
    const file = makeClientFile(path, tallyBytes);
    this.#loans.set(key, { owner, queue, file, path, borrower, pace: new Pace(mostRoom) });
    // Somebody may wait for room just now.
    writeWanted(file, 1);
    return path;
  }

  isOpen(owner: Owner, queue: string): boolean {
    return this.#loans.has(keyOf(owner, queue));
  }

  recall(owner: Owner, queue: string): void {
    this.#loans.get(keyOf(owner, queue))?.borrower.recall(queue);
  }

  /** Each reader of a queue is to say when it has taken something, quick ones after some; gives whether there are such. */
  wantRoom(queue: string): boolean {
    let isPatient = false;
    for (const { queue: its, file, pace } of this.#loans.values()) {
      if (its !== queue) continue;
      const { taken } = readTally(file);
      const step = pace.stepAt(taken);
      isPatient ||= step > 1;
      writeWanted(file, taken + step);
    }
    return isPatient;
  }

  /** Each reader of a queue is to say when it next takes something. */
  wantRoomAtOnce(queue: string): void {
    for (const loan of this.#loans.values()) if (loan.queue === queue) writeWanted(loan.file, readTally(loan.file).taken + 1);
  }

  /** What the readers of a queue have taken, of those that are not in the middle of work that they do not count. */
  counted(queue: string): readonly Tally[] {
    return [...this.#loans.values()].flatMap((loan) => {
      if (loan.queue !== queue) return [];
      const { taken, isCounted } = readTally(loan.file);
      return isCounted ? [{ owner: loan.owner, queue, taken }] : [];
    });
  }

  /** The readers of an instance, or one of them, have ended: what they had taken. */
  end(instance: string, holder: string | null): readonly Tally[] {
    const tallies: Tally[] = [];
    for (const [key, { owner, queue, file, path }] of this.#loans) {
      if (owner.instance !== instance || (holder !== null && owner.holder !== holder)) continue;
      this.#loans.delete(key);
      tallies.push({ owner, queue, taken: readTally(file).taken });
      closeSync(file);
      removeFile(path);
    }
    return tallies;
  }
}

function keyOf({ instance, holder }: Owner, queue: string): string {
  return JSON.stringify([instance, holder, queue]);
}

/** The reader says so once it has taken so many in all. */
function writeWanted(file: number, taken: number): void {
  const bytes = Buffer.alloc(wordBytes);
  bytes.writeBigUInt64LE(BigInt(taken));
  writeWord(file, bytes, wantedPlace);
}

/** The highest bit says that the reader does not count just now; all of its loan is its own if it ends meanwhile. */
function readTally(file: number): { readonly taken: number; readonly isCounted: boolean } {
  const bytes = Buffer.alloc(wordBytes);
  readSync(file, bytes, 0, wordBytes, 0);
  const tally = bytes.readBigUInt64LE(0);
  return { taken: Number(BigInt.asUintN(63, tally)), isCounted: BigInt.asUintN(63, tally) === tally };
}
