import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync, writevSync } from 'node:fs';
import { systemErrorText } from '../system-error-text.ts';
import { systemErrorCode } from '../system-error-code.ts';

/** After a failure, so long passes before the file is tried again. */
const retryAfterMs = 5000;
/** How often it is looked whether somebody has removed the file. */
const checkEveryMs = 1000;
const newline = 0x0a;

/** Size limits of one log. */
export interface LogLimits {
  /** A file that would grow beyond this is renamed to `<file>.1`, the one before to `.2`, and so on; null is no limit. */
  readonly maxSizeBytes: number | null;
  /** How many renamed files stay. */
  readonly keep: number;
}

/** What a log has to tell about itself; each once per period of trouble. */
export type LogTrouble =
  | { readonly type: 'failing'; readonly code: 'MP820'; readonly message: string }
  | { readonly type: 'resumed'; readonly code: 'MP821'; readonly message: string; readonly droppedBytes: number };

/** What a log is made of. */
export interface LogWriterOptions {
  /** Absolute; it appears with the first byte. */
  readonly file: string;
  readonly limits: LogLimits;
  readonly onTrouble: (trouble: LogTrouble) => void;
  /** Monotonic clock in ms. */
  readonly now: () => number;
}

/**
 * Appends the raw output of one instance to its log file. Every call has reached the kernel when it
 * returns, so a killed mpctl loses nothing. A file that cannot be written never fails a worker: what
 * is lost is counted, told once, and noted in the file when it can be written again.
 */
export class LogWriter {
  readonly #options: LogWriterOptions;
  #fd: number | null = null;
  #size = 0;
  #checkedAt = 0;
  #failedAt: number | null = null;
  #droppedBytes = 0;
  #endsInLine = false;
  #lastStream: object | null = null;

  constructor(options: LogWriterOptions) {
    this.#options = options;
  }

  /**
   * Appends bytes that end with a newline, or that a later call for the same stream continues. When
   * another stream comes in between, or another attempt, it begins on a line of its own.
   */
  write(bytes: Buffer, stream: object): void {
    this.writeAll([bytes], stream);
  }

  /** The same of several that follow each other, by one system call where they fit into the file: each wakes whoever waits for the next. */
  writeAll(pieces: readonly Buffer[], stream: object): void {
    const last = pieces.at(-1)?.at(-1);
    if (last === undefined) return;
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const now = this.#options.now();
    if (this.#failedAt !== null && now - this.#failedAt < retryAfterMs) {
      this.#droppedBytes += length;
      return;
    }
    let written = 0;
    const count = (appended: number): void => {
      written += appended;
    };
    try {
      this.#reopenWhenRemoved(now);
      if (this.#failedAt !== null) this.#resume();
      if (this.#endsInLine && this.#lastStream !== stream) this.#append(Buffer.from('\n'));
      this.#appendPieces(pieces, length, count);
      this.#endsInLine = last !== newline;
      this.#lastStream = stream;
    } catch (error) {
      this.#droppedBytes += length - written;
      this.#fail(error, now);
    }
  }

  /** Closes the file; a later write opens it again. */
  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #appendPieces(pieces: readonly Buffer[], length: number, count: (appended: number) => void): void {
    let done = 0;
    if (pieces.length > 1 && length <= this.#room()) {
      done = writevSync(this.#open(), pieces);
      this.#size += done;
      count(done);
    }
    for (const piece of pieces) {
      this.#appendRotating(piece.subarray(done), count);
      done = Math.max(0, done - piece.length);
    }
  }

  /** What the file takes before another one begins. */
  #room(): number {
    this.#open();
    return (this.#options.limits.maxSizeBytes ?? Number.POSITIVE_INFINITY) - this.#size;
  }

  #appendRotating(bytes: Buffer, count: (appended: number) => void): void {
    let start = 0;
    while (start < bytes.length) {
      const room = this.#room();
      let stop = bytes.length;
      if (stop - start > room) {
        // Only whole lines go into the rest of a file; a line longer than a file gets one of its own.
        stop = room > 0 ? bytes.lastIndexOf(newline, start + room - 1) + 1 : 0;
        if (stop <= start) {
          if (this.#size > 0) {
            this.#rotate();
            continue;
          }
          const lineEnd = bytes.indexOf(newline, start);
          stop = lineEnd === -1 ? bytes.length : lineEnd + 1;
        }
      }
      while (start < stop) {
        const appended = this.#append(bytes.subarray(start, stop));
        count(appended);
        start += appended;
      }
    }
  }

  #append(bytes: Buffer): number {
    const written = writeSync(this.#open(), bytes);
    this.#size += written;
    return written;
  }

  #open(): number {
    if (this.#fd === null) {
      this.#fd = openSync(this.#options.file, 'a', 0o600);
      this.#size = fstatSync(this.#fd).size;
    }
    return this.#fd;
  }

  /** Never copies and truncates: what is written meanwhile would be lost. */
  #rotate(): void {
    const { file, limits } = this.#options;
    this.close();
    if (limits.keep === 0) {
      rmSync(file, { force: true });
      return;
    }
    for (let age = limits.keep - 1; age >= 1; age -= 1) renameIfThere(`${file}.${age}`, `${file}.${age + 1}`);
    renameIfThere(file, `${file}.1`);
  }

  #reopenWhenRemoved(now: number): void {
    if (this.#fd === null || now - this.#checkedAt < checkEveryMs) return;
    this.#checkedAt = now;
    if (fstatSync(this.#fd).nlink === 0) this.close();
  }

  #fail(error: unknown, now: number): void {
    const first = this.#failedAt === null;
    this.#failedAt = now;
    try {
      this.close();
    } catch {
      // Closing reports the same trouble again; the descriptor is gone in any case.
      this.#fd = null;
    }
    if (!first) return;
    const reason = systemErrorText(error);
    const message = `the log \`${this.#options.file}\` cannot be written (${reason}); output is not logged until it can`;
    this.#options.onTrouble({ type: 'failing', code: 'MP820', message });
  }

  #resume(): void {
    const droppedBytes = this.#droppedBytes;
    const lead = this.#endsInLine ? '\n' : '';
    this.#append(Buffer.from(`${lead}[mpctl] ${droppedBytes} bytes of output could not be written here\n`));
    this.#failedAt = null;
    this.#droppedBytes = 0;
    this.#endsInLine = false;
    const message = `the log \`${this.#options.file}\` can be written again; ${droppedBytes} bytes are missing in it`;
    this.#options.onTrouble({ type: 'resumed', code: 'MP821', message, droppedBytes });
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}
