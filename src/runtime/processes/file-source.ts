import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from './byte-source.ts';

/** One for all reads. */
const readBuffer = Buffer.allocUnsafe(64 * 1024);
/** In one turn of the event loop no more is read of a command that still runs. */
const mostPerLook = 16 * readBuffer.length;
const mostTailBytes = 64;

/** Reads a file that a command writes, as far as it has come; nothing tells when more is there. */
export class FileSource implements ByteSource {
  readonly #path: string;
  #fd: number | null = null;
  #at = 0;
  #onChunk: ((chunk: Buffer) => void) | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** Nobody writes to it any more. */
  isComplete = false;

  listen(onChunk: (chunk: Buffer) => void): void {
    this.#onChunk = onChunk;
  }

  /** Nobody waits at the other end of a file: it is read all the same. */
  pause(): void {}

  resume(): void {}

  /** Reads what is new, but for as many of the last bytes as `keepBack` says; false where there is still more. */
  look(keepBack: (tail: Buffer) => number): boolean {
    const size = this.size();
    if (size <= this.#at) return true;
    // What is kept back is never cut in two.
    const end = size - this.#at <= mostPerLook ? size : Math.min(this.#at + mostPerLook, size - mostTailBytes);
    this.#readTo(end === size ? end - keepBack(this.tail(size)) : end);
    return end === size;
  }

  /** How long the file is now. */
  size(): number {
    const fd = this.open();
    return fd === null ? 0 : fstatSync(fd).size;
  }

  /** Of a file that is so long the last bytes of which none was read yet. */
  tail(size: number): Buffer {
    const fd = this.open();
    const tail = Buffer.allocUnsafe(Math.max(Math.min(mostTailBytes, size - this.#at), 0));
    return fd === null ? tail : tail.subarray(0, readSync(fd, tail, 0, tail.length, size - tail.length));
  }

  readRest(): boolean {
    // A stranger may write faster than it is read: no further than it is now.
    this.#readTo(this.size());
    return this.isComplete;
  }

  destroy(): void {
    this.#onChunk = null;
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #readTo(end: number): void {
    const fd = this.open();
    if (fd === null) return;
    while (this.#onChunk !== null && this.#at < end) {
      const length = readSync(fd, readBuffer, 0, Math.min(readBuffer.length, end - this.#at), this.#at);
      if (length === 0) return;
      this.#at += length;
      this.#onChunk(Buffer.from(readBuffer.subarray(0, length)));
    }
  }

  /** From now on its name is not needed. Null where there is no such file. */
  open(): number | null {
    try {
      this.#fd ??= openSync(this.#path, 'r');
    } catch {
      // There is nothing to be read any more.
    }
    return this.#fd;
  }
}
