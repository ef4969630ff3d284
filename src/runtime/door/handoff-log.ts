import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { HandoffLine, letsGo, linesUp } from '../../sync/handoff-line.ts';
import { makeClientFile } from './make-client-file.ts';
import { removeFile } from './remove-file.ts';

/** Before the records stand the run's word, a byte, and at last how far they count, lowest byte first. */
const headerBytes = 8;
const verdictAt = 4;
const verdictBytes = 4;
const calledOff = Buffer.from([1]);
const readBytes = 4096;
/** With so many records the log ends, and another one begins. */
const mostBytes = 256 * 1024;
/** What is written after that all the same is read as far as this. */
const mostReadBytes = 2 * mostBytes;

/** Where a member stands in line. */
export interface HandoffPlace {
  /** Where the records go on that come after its own. */
  readonly at: number;
  /** Who stands before it, the holder first. */
  readonly line: readonly number[];
  /** How often the lock had been released by then. */
  readonly released: number;
}

/**
 * The file in which those who hand a lock on to each other say, one after the other, that they line up and
 * that they release it. Each record is appended, by which the system puts all of them in one order
 * (`O_APPEND`, open(2)). Whoever has written then reads the run's word; the run writes its word and then reads
 * the records: so whoever finds that it is not called off has been counted (Dekker's algorithm).
 */
export class HandoffLog {
  readonly path: string;
  readonly #file: number;
  readonly #appended: number;
  readonly #line = new HandoffLine();
  readonly #bytes = Buffer.alloc(readBytes);
  /** Records that were read and not applied. */
  #unread: Buffer = Buffer.alloc(0);
  #at = headerBytes;

  /** @throws NodeJS.ErrnoException where no file can be made; then nothing is left of it. */
  constructor(path: string, line: readonly number[]) {
    this.path = path;
    this.#file = makeClientFile(path, headerBytes);
    let appended: number | null = null;
    try {
      appended = openSync(path, 'a');
      writeSync(appended, Buffer.from(line.map(linesUp)));
      this.#appended = appended;
    } catch (error) {
      if (appended !== null) closeSync(appended);
      closeSync(this.#file);
      removeFile(path);
      throw error;
    }
  }

  /** Where the records go on that were not applied. */
  get at(): number {
    return this.#at;
  }

  /** Whether there is no room for many more records. */
  get isFull(): boolean {
    return this.#at >= mostBytes;
  }

  /** The line as it stands now. */
  read(): HandoffLine {
    while (this.#next() !== null);
    return this.#line;
  }

  /**
   * Lines a member up that does not stand in line.
   *
   * @throws NodeJS.ErrnoException where that cannot be written.
   */
  lineUp(member: number): HandoffPlace {
    writeSync(this.#appended, Buffer.from([linesUp(member)]));
    let line = [...this.#line.members];
    let { released } = this.#line;
    while (!this.#line.includes(member)) {
      line = [...this.#line.members];
      ({ released } = this.#line);
      if (this.#next() === null) break;
    }
    return { at: this.#at, line, released };
  }

  /**
   * Releases the lock for the member that stands first, and gives the next one; null where there is none.
   *
   * @throws NodeJS.ErrnoException where that cannot be written.
   */
  release(member: number): number | null {
    writeSync(this.#appended, Buffer.from([letsGo(member)]));
    const { released } = this.#line;
    while (this.#line.released === released && this.#next() !== null);
    return this.#line.members[0] ?? null;
  }

  /** Calls it off: the line as it stands counts, and nothing that comes later. */
  callOff(): HandoffLine {
    try {
      writeSync(this.#file, calledOff, 0, calledOff.length, 0);
    } catch {
      // A member has cut the file, and the disk is full: it has broken the lock for all of them.
    }
    const line = this.read();
    this.#tellHowFar();
    closeSync(this.#appended);
    closeSync(this.#file);
    removeFile(this.path);
    return line;
  }

  /** Says which records count: a member that has written one of the last may have to know. */
  #tellHowFar(): void {
    const verdict = Buffer.alloc(verdictBytes);
    verdict.writeUInt32LE(this.#at);
    try {
      writeSync(this.#file, verdict, 0, verdictBytes, verdictAt);
    } catch {
      // As above.
    }
  }

  /** Applies one more record and gives it; null where there is none. */
  #next(): number | null {
    if (this.#unread.length === 0 && this.#at < mostReadBytes) {
      this.#unread = this.#bytes.subarray(0, readSync(this.#file, this.#bytes, 0, readBytes, this.#at));
    }
    const [record] = this.#unread;
    if (record === undefined) return null;
    this.#unread = this.#unread.subarray(1);
    this.#at += 1;
    this.#line.apply(record);
    return record;
  }
}
