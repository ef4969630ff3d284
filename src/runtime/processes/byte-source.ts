import type { Socket } from 'node:net';

/** A stream of bytes that a worker writes. Nothing is read before `listen`. */
export interface ByteSource {
  /** A chunk is the listener's only while it is called. `onEnd` comes once: at end of file, after an error, or never after `destroy`. */
  listen(onChunk: (chunk: Buffer) => void, onEnd: () => void): void;
  pause(): void;
  resume(): void;
  /**
   * Reads now what has been written and not been read yet, since a busy event loop does not come to every
   * stream in each of its turns. Not while paused. True when that was the end of file, for which no
   * `onEnd` need follow.
   */
  readRest(): boolean;
  /** The pipe; null where it is none, or only Node knows. */
  pipe(): string | null;
  /** Closes our end; the writer gets SIGPIPE. */
  destroy(): void;
}

/** Reads what Node calls a pipe. */
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

  readRest(): boolean {
    // Only Node knows the descriptor.
    return false;
  }

  pipe(): null {
    return null;
  }

  destroy(): void {
    this.#onEnd = null;
    this.#socket.destroy();
  }
}
