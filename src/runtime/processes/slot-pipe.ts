import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { FifoPool } from './fifo-pool.ts';
import { ownPipe } from './program-pipes.ts';

/** One for all reads. */
const readBuffer = Buffer.allocUnsafe(64 * 1024);
const readFlags = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * A named pipe to which the commands of a shell write, one after the other. Each opens it by its path when
 * it starts, and nobody has it open between two of them: its end of file says that of a command nobody is
 * left who could still write.
 */
export class SlotPipe {
  readonly path: string;
  readonly #fd: number;
  readonly #fifos: FifoPool;
  /** The shell, and whoever still reads what a command of it has written. */
  #users = 1;
  #isAtEnd = true;
  /** How much the last command has written, and the next one may as well; null where there was none. */
  lastBytes: number | null = null;

  private constructor(path: string, fd: number, fifos: FifoPool) {
    this.path = path;
    this.#fd = fd;
    this.#fifos = fifos;
  }

  /** Null where it cannot be opened; it was given back then. */
  static open(path: string, fifos: FifoPool): SlotPipe | null {
    try {
      return new SlotPipe(path, openSync(path, readFlags), fifos);
    } catch {
      fifos.giveBack(path, false);
      return null;
    }
  }

  /** From now on somebody may write to it. */
  commandComes(): void {
    this.#isAtEnd = false;
  }

  /** What is in it, as far as that is one chunk: `end` where there is nothing and nobody can write, null where somebody can. */
  read(): Buffer | 'end' | null {
    let length: number;
    try {
      // With all arguments: to sort out fewer costs Node as much as the read.
      length = readSync(this.#fd, readBuffer, 0, readBuffer.length, null);
    } catch {
      this.#isAtEnd = false;
      return null;
    }
    this.#isAtEnd = length === 0;
    return this.#isAtEnd ? 'end' : Buffer.from(readBuffer.subarray(0, length));
  }

  /**
   * A descriptor to be watched. One that is opened anew hears of no writer before the next one, where the
   * one that stays open would tell all the time that there is none.
   *
   * @throws the error of the system call.
   */
  openToWatch(): number {
    return openSync(this.path, readFlags);
  }

  /** By the number that the system gives it. */
  pipe(): string | null {
    return ownPipe(this.#fd);
  }

  /** Somebody reads on when the shell has gone. */
  keep(): void {
    this.#users += 1;
  }

  /** Who is the last one closes it; it serves again where nobody else has it. */
  release(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    closeSync(this.#fd);
    this.#fifos.giveBack(this.path, !this.#isAtEnd);
  }
}
