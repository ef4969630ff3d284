import { closeSync, readSync, writeSync } from 'node:fs';

/** The holder's word, at the head of the file: twice the number of its grants, one more while it holds the lock. */
const wordBytes = 8;
/** The run's word, behind it: anything but zero once the lock is no more the holder's own. */
const runsBytes = 1;
const upperHalf = 2 ** 32;

/**
 * A lock that the run has left to one holder of this process: it is released and taken by writing to a
 * file, without asking, until the run says there that others want it. To write the own word first and to
 * read the other's then is what keeps the two apart (docs/protocol.md, "Locks that are left to their holder").
 */
export class Delegation {
  readonly #file: number;
  readonly #firstToken: number;
  readonly #word = Buffer.alloc(wordBytes);
  readonly #runs = Buffer.alloc(runsBytes);
  #grants = 0;
  #isHeld = true;

  /** Over the open file; the lock is held by the grant `token`. */
  constructor(file: number, token: number) {
    this.#file = file;
    this.#firstToken = token;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Fencing number of its last grant. */
  get token(): number {
    return this.#firstToken + this.#grants;
  }

  /** Takes the lock; false where the run has it back, and may believe that this very grant holds it. */
  take(): boolean {
    this.#grants += 1;
    return this.#write(true);
  }

  /** Releases the lock; false where the run has it back, and may believe that it is held. */
  release(): boolean {
    return this.#write(false);
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(isHeld: boolean): boolean {
    this.#isHeld = isHeld;
    const word = this.#grants * 2 + (isHeld ? 1 : 0);
    this.#word.writeUInt32LE(word % upperHalf, 0);
    this.#word.writeUInt32LE(Math.floor(word / upperHalf), wordBytes / 2);
    writeSync(this.#file, this.#word, 0, wordBytes, 0);
    readSync(this.#file, this.#runs, 0, runsBytes, wordBytes);
    return this.#runs[0] === 0;
  }
}
