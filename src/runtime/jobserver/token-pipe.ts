import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { withoutStackTrace } from '../without-stack-trace.ts';

/** As much as a pipe holds. */
const readBuffer = Buffer.alloc(64 * 1024);

/**
 * The pipe of a jobserver: each byte in it is a token. It is opened anew here, so that not to block is a
 * property of mpctl's own ends: make and its jobs may count on theirs to block.
 */
export class TokenPipe {
  readonly #readFd: number;
  /** To be inherited by whoever gives tokens back in place of mpctl. */
  readonly writeFd: number;
  #socket: Socket | null = null;
  #onToken: ((token: number) => void) | null = null;

  /** @throws the error of the system call; nothing is left open then. */
  constructor(readPath: string, writePath: string) {
    this.#readFd = openSync(readPath, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      // With a reader there this does not wait for one.
      this.writeFd = openSync(writePath, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      closeSync(this.#readFd);
      throw error;
    }
  }

  /** Reads the next token, once there is one, unless others are quicker. */
  ask(onToken: (token: number) => void): void {
    this.#onToken = onToken;
    this.#socket ??= this.#open();
    this.#socket.resume();
  }

  /** Leaves the tokens that come to others; false where none is asked for. */
  unask(): boolean {
    const wasAsked = this.#onToken !== null;
    this.#onToken = null;
    this.#socket?.pause();
    return wasAsked;
  }

  put(tokens: readonly number[]): void {
    if (tokens.length === 0) return;
    try {
      writeSync(this.writeFd, Buffer.from(tokens));
    } catch {
      // Nobody is there any more who could read it.
    }
  }

  /** Takes whatever is there. */
  drain(): void {
    try {
      while (withoutStackTrace(() => readSync(this.#readFd, readBuffer)) > 0);
    } catch {
      // It is empty.
    }
  }

  close(): void {
    this.#onToken = null;
    closeSync(this.writeFd);
    if (this.#socket === null) closeSync(this.#readFd);
    else this.#socket.destroy();
  }

  /** A buffer of one byte, and a stop after each: never more is read than was asked for. */
  #open(): Socket {
    const onread = {
      buffer: Buffer.alloc(1),
      callback: (length: number, buffer: Uint8Array): boolean => {
        const [token] = buffer;
        if (length !== 1 || token === undefined) return false;
        const onToken = this.#onToken;
        this.#onToken = null;
        if (onToken === null) this.put([token]);
        else onToken(token);
        // The next one may have been asked for meanwhile.
        return this.#onToken !== null;
      },
    };
    const options = { fd: this.#readFd, readable: true, writable: false, onread };
    const socket = new Socket(options);
    // Reading cannot fail where writing could be opened; `close` would follow.
    socket.on('error', () => {});
    return socket;
  }
}
