import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { removeFile } from './remove-file.ts';
import type { Owner } from '../../sync/operation.ts';
import type { ClientFiles } from './client-files.ts';

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
}

/** A tally is one number of 64 bits, lowest byte first. */
const tallyBytes = 8;

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
   * another connection of the same process, whose client counts for itself.
   *
   * @throws NodeJS.ErrnoException where no file can be made.
   */
  open(owner: Owner, queue: string, borrower: Borrower): string | null {
    const key = keyOf(owner, queue);
    const known = this.#loans.get(key);
    if (known !== undefined) {
      if (known.borrower !== borrower && !known.borrower.isClosed) return null;
      this.#loans.set(key, { ...known, borrower });
      return known.path;
    }
    const path = this.#files.next();
    const file = openSync(path, 'wx+', 0o600);
    writeSync(file, Buffer.alloc(tallyBytes));
    this.#loans.set(key, { owner, queue, file, path, borrower });
    return path;
  }

  isOpen(owner: Owner, queue: string): boolean {
    return this.#loans.has(keyOf(owner, queue));
  }

  recall(owner: Owner, queue: string): void {
    this.#loans.get(keyOf(owner, queue))?.borrower.recall(queue);
  }

  /** What the readers of a queue have taken, of those that are not in the middle of work that they do not count. */
  counted(queue: string): readonly Tally[] {
    return [...this.#loans.values()].flatMap((loan) => {
      const { taken, isCounted } = readTally(loan.file);
      return loan.queue === queue && isCounted ? [{ owner: loan.owner, queue, taken }] : [];
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

/** The highest bit says that the reader does not count just now; all of its loan is its own if it ends meanwhile. */
function readTally(file: number): { readonly taken: number; readonly isCounted: boolean } {
  const bytes = Buffer.alloc(tallyBytes);
  readSync(file, bytes, 0, tallyBytes, 0);
  const tally = bytes.readBigUInt64LE(0);
  return { taken: Number(BigInt.asUintN(63, tally)), isCounted: BigInt.asUintN(63, tally) === tally };
}
