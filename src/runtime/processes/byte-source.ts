import type { Socket } from 'node:net';

/** A stream of bytes that a worker writes. Nothing is read before `listen`. */
export interface ByteSource {
  /** `onEnd` comes once: at end of file, after an error, or never after `destroy`. */
  listen(onChunk: (chunk: Buffer) => void, onEnd: () => void): void;
  pause(): void;
  resume(): void;
  /** Closes our end; the writer gets SIGPIPE. */
  destroy(): void;
}

/** Reads a pipe through a socket object of Node, which polls it without a thread. */
export class SocketSource implements ByteSource {
  readonly #socket: Socket;
  #onEnd: (() => void) | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
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

  destroy(): void {
    this.#onEnd = null;
    this.#socket.destroy();
  }
}
