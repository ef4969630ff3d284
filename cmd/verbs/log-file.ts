import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';

const chunkBytes = 64 * 1024;
const newline = 0x0a;

/** One file that a log is or was written to. */
interface Piece {
  readonly file: string;
  /** Tells it from all others, whatever it is called by now. */
  readonly key: string;
}

/**
 * The log of one instance, read from its oldest piece on. A log that has grown too large is renamed and
 * goes on in a new file: reading keeps to the old one until its end, and then takes the next.
 */
export class LogFile {
  readonly #folder: string;
  readonly #fileName: string;
  #fd: number | null = null;
  #key = '';
  #position = 0;

  /** The file need not be there yet. */
  constructor(folder: string, instance: string) {
    this.#folder = folder;
    this.#fileName = `${instance}.log`;
  }

  /** Everything that has been written and not been read yet, in pieces. */
  *unread(): Generator<Buffer, void, undefined> {
    for (;;) {
      // Asked before it is read: to what was renamed by then nothing more is written.
      const isNewest = this.#isNewest();
      yield* this.#toEnd();
      if (isNewest) return;
      const pieces = this.#pieces();
      const next = pieces[pieces.findIndex(({ key }) => key === this.#key) + 1];
      if (next === undefined) return;
      this.#open(next, 0);
    }
  }

  /** Leaves out everything that is there, but for the last lines. */
  skipToLast(lines: number): void {
    // The newline at the very end ends the last line and begins none.
    let left = lines + 1;
    let isNewest = true;
    for (const piece of this.#pieces().toReversed()) {
      if (!this.#open(piece, 0) || this.#fd === null) return;
      const { size } = fstatSync(this.#fd);
      if (isNewest && size > 0 && readAt(this.#fd, size - 1, 1)[0] !== newline) left -= 1;
      isNewest = false;
      if (left === 0) {
        this.#position = size;
        return;
      }
      for (let end = size; end > 0; end -= chunkBytes) {
        const start = Math.max(0, end - chunkBytes);
        const chunk = readAt(this.#fd, start, end - start);
        for (let at = chunk.lastIndexOf(newline); at !== -1; at = at === 0 ? -1 : chunk.lastIndexOf(newline, at - 1)) {
          left -= 1;
          if (left > 0) continue;
          this.#position = start + at + 1;
          return;
        }
      }
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  *#toEnd(): Generator<Buffer, void, undefined> {
    while (this.#fd !== null) {
      const bytes = readAt(this.#fd, this.#position, chunkBytes);
      if (bytes.length === 0) return;
      this.#position += bytes.length;
      yield bytes;
    }
  }

  /** Whether the log is still written to the piece that is open. */
  #isNewest(): boolean {
    return this.#fd !== null && keyOf(path.join(this.#folder, this.#fileName)) === this.#key;
  }

  /** False where it has been renamed in the meantime. */
  #open({ file, key }: Piece, position: number): boolean {
    let fd: number;
    try {
      fd = openSync(file, 'r');
    } catch {
      return false;
    }
    const { dev, ino } = fstatSync(fd);
    if (`${dev}:${ino}` !== key) {
      closeSync(fd);
      return false;
    }
    this.close();
    this.#fd = fd;
    this.#key = key;
    this.#position = position;
    return true;
  }

  /** Every piece, oldest first. While they are being renamed one may be missed: then it is looked again. */
  #pieces(): readonly Piece[] {
    for (let seen = ''; ; ) {
      const pieces = this.#listPieces();
      const found = JSON.stringify(pieces);
      if (found === seen) return pieces;
      seen = found;
    }
  }

  #listPieces(): readonly Piece[] {
    const ages = readdirSync(this.#folder).flatMap((name) => (name.startsWith(this.#fileName) ? ageOf(name.slice(this.#fileName.length)) : []));
    return ages.toSorted((a, b) => b - a).flatMap((age) => {
      const file = path.join(this.#folder, age === 0 ? this.#fileName : `${this.#fileName}.${age}`);
      const key = keyOf(file);
      return key === null ? [] : [{ file, key }];
    });
  }
}

/** 0 of the newest; nothing for what is no piece of the log. */
function ageOf(ending: string): readonly number[] {
  if (ending === '') return [0];
  return /^\.[1-9]\d*$/u.test(ending) ? [Number(ending.slice(1))] : [];
}

function keyOf(file: string): string | null {
  const status = statSync(file, { throwIfNoEntry: false });
  return status === undefined ? null : `${status.dev}:${status.ino}`;
}

function readAt(fd: number, position: number, most: number): Buffer {
  const bytes = Buffer.allocUnsafe(most);
  return bytes.subarray(0, readSync(fd, bytes, 0, most, position));
}
