import { closeSync, readSync } from 'node:fs';
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { withoutStackTrace } from '../without-stack-trace.ts';
import type { ByteSource } from './byte-source.ts';
import { ownPipe } from './program-pipes.ts';

/** A pipe holds one chunk, on some systems up to sixteen; whoever still writes is not waited for. */
const maxRestChunks = 16;
/** One for all reads in the foreground, and one for those of the event loop: fresh memory for each costs more than the read. */
const readBuffer = Buffer.allocUnsafe(64 * 1024);
const watchBuffer = Buffer.allocUnsafe(64 * 1024);
/**
 * Most short commands have ended by then: what they wrote is read at their exit, and the sixteen system
 * calls are saved that watching two pipes costs. Nobody sees that a first line was so long under way.
 */
const unwatchedMs = 12;

/** Reads a named pipe without blocking and without a thread: from its start on, or after a few milliseconds. */
export class FifoSource implements ByteSource {
  readonly #fd: number;
  readonly #onClosed: (ended: boolean) => void;
  #listener: { readonly onChunk: (chunk: Buffer) => void; readonly onEnd: () => void } | null = null;
  /** Null until the event loop watches the pipe. */
  #socket: Socket | null = null;
  #watchTimer: NodeJS.Timeout | null = null;
  #paused = false;
  #ended = false;
  #closed = false;

  /** `fd` is the end that does not block; `onClosed` tells whether its end of file was reached. */
  constructor(fd: number, onClosed: (ended: boolean) => void) {
    this.#fd = fd;
    this.#onClosed = onClosed;
  }

  listen(onChunk: (chunk: Buffer) => void, onEnd: () => void): void {
    this.#listener = { onChunk, onEnd };
    this.#watchTimer = setTimeout(() => this.#watch(), unwatchedMs);
  }

  pause(): void {
    this.#paused = true;
    this.#socket?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#socket?.resume();
  }

  readRest(): boolean {
    if (this.#closed || this.#ended || this.#socket?.destroyed === true) return this.#ended;
    for (let count = 0; count < maxRestChunks; count += 1) {
      const length = this.#read();
      if (length === null) return false;
      if (length === 0) {
        this.#ended = true;
        return true;
      }
      this.#listener?.onChunk(readBuffer.subarray(0, length));
    }
    return false;
  }

  pipe(): string | null {
    return this.#closed ? null : ownPipe(this.#fd);
  }

  destroy(): void {
    this.#listener = null;
    if (this.#watchTimer !== null) clearTimeout(this.#watchTimer);
    if (this.#socket !== null) {
      this.#socket.destroy();
    } else if (!this.#closed) {
      closeSync(this.#fd);
      this.#close();
    }
  }

  /** Null while the pipe is empty and somebody still has it open. */
  #read(): number | null {
    try {
      return withoutStackTrace(() => readSync(this.#fd, readBuffer));
    } catch {
      return null;
    }
  }

  #watch(): void {
    if (this.#closed) return;
    const callback = (length: number): boolean => {
      this.#listener?.onChunk(watchBuffer.subarray(0, length));
      return !this.#paused;
    };
    // Of a socket that is made from a descriptor the types do not know `onread`.
    const options: SocketConstructorOpts & ConnectOpts = { fd: this.#fd, readable: true, writable: false, onread: { buffer: watchBuffer, callback } };
    const socket = new Socket(options);
    this.#socket = socket;
    // An error of reading is the end of what can be had; `close` follows it.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#ended ||= socket.readableEnded;
      this.#close();
    });
    if (this.#paused) socket.pause();
    else socket.resume();
  }

  #close(): void {
    this.#closed = true;
    const listener = this.#listener;
    this.#onClosed(this.#ended);
    listener?.onEnd();
  }
}
