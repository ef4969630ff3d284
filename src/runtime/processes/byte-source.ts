import { readSync } from 'node:fs';
import type { Socket } from 'node:net';

const chunkBytes = 64 * 1024;
/** A pipe holds one chunk, on some systems up to sixteen; whoever still writes is not waited for. */
const maxRestChunks = 16;

/** A stream of bytes that a worker writes. Nothing is read before `listen`. */
export interface ByteSource {
  /** `onEnd` comes once: at end of file, after an error, or never after `destroy`. */
  listen(onChunk: (chunk: Buffer) => void, onEnd: () => void): void;
  pause(): void;
  resume(): void;
  /**
   * What has been written and not been read yet, now: a busy event loop does not come to every stream
   * in each of its turns.
   */
  readRest(): readonly Buffer[];
  /** Closes our end; the writer gets SIGPIPE. */
  destroy(): void;
}

/** Reads a pipe through a socket object of Node, which polls it without a thread. */
export class SocketSource implements ByteSource {
  readonly #socket: Socket;
  readonly #fd: number | null;
  #onEnd: (() => void) | null = null;

  /** `fd` is the non-blocking end that the socket reads from; null where only Node knows it. */
  constructor(socket: Socket, fd: number | null) {
    this.#socket = socket;
    this.#fd = fd;
  }

  listen(onChunk: (chunk: Buffer) => void, onEnd: () => void): void {
    this.#onEnd = onEnd;
    this.#socket.on('data', onChunk);
    // An error of reading is the end of what can be had; `close` follows it.
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#onEnd?.());
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  readRest(): readonly Buffer[] {
    const chunks: Buffer[] = [];
    if (this.#fd === null || this.#socket.destroyed) return chunks;
    try {
      while (chunks.length < maxRestChunks) {
        const chunk = Buffer.allocUnsafe(chunkBytes);
        const length = readSync(this.#fd, chunk, 0, chunkBytes, null);
        if (length === 0) break;
        chunks.push(chunk.subarray(0, length));
      }
    } catch {
      // EAGAIN: the pipe is empty, and somebody still has it open.
    }
    return chunks;
  }

  destroy(): void {
    this.#onEnd = null;
    this.#socket.destroy();
  }
}
