import type { Socket } from 'node:net';
import { ownPipe } from './program-pipes.ts';

/** Where bytes for a worker's standard input go. */
export interface ByteSink {
  /** Queues a text; false when it is better to wait for a drain. */
  write(text: string): boolean;
  /** End of file after everything queued. */
  end(): void;
  /** `onDrain`: everything queued was taken. `onClose`: the reader is gone or the input has ended. */
  listen(onDrain: () => void, onClose: () => void): void;
  /** The pipe, where everything queued is in it; else null. */
  pipe(): string | null;
  destroy(): void;
}

/** Writes into a pipe without blocking. */
export class SocketSink implements ByteSink {
  readonly #socket: Socket;
  readonly #fd: number | null;

  /** `fd` is what the socket was made from; null where only Node knows. */
  constructor(socket: Socket, fd: number | null) {
    this.#socket = socket;
    this.#fd = fd;
    // EPIPE: the worker does not want the rest, which is its right; `close` follows.
    socket.on('error', () => {});
  }

  write(text: string): boolean {
    return this.#socket.writable ? this.#socket.write(text) : true;
  }

  end(): void {
    this.#socket.end();
  }

  listen(onDrain: () => void, onClose: () => void): void {
    this.#socket.on('drain', onDrain);
    this.#socket.on('close', onClose);
  }

  pipe(): string | null {
    return this.#fd === null || this.#socket.destroyed || this.#socket.writableLength > 0 ? null : ownPipe(this.#fd);
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
