import { Socket } from 'node:net';
import type { ByteSource } from './byte-source.ts';
import { bytesOfWordsBegun, signalWords } from './signal-text.ts';
import type { SlotPipe } from './slot-pipe.ts';

/** A pipe holds one chunk, on some systems up to sixteen; whoever still writes is not waited for. */
const mostRestChunks = 16;
/** What a pipe holds before who writes has to wait. */
const pipeBytes = 64 * 1024;

const noBytes = Buffer.alloc(0);

/** Reads what one command of a slot writes to a pipe: at its end, or as it comes once it is watched. */
export class SlotSource implements ByteSource {
  readonly #pipe: SlotPipe;
  /** Of the command before. */
  readonly #lastBytes: number | null;
  #listener: { readonly onChunk: (chunk: Buffer) => void; readonly onEnd: () => void } | null = null;
  #watch: Socket | null = null;
  /** Read and not delivered: paused, or the end of the command is to be told first. */
  #waiting: Buffer[] = [];
  #mayDeliver = true;
  #isPaused = false;
  #isAtEnd = false;
  #commandIsOver = false;
  /** The last bytes, while they may be words of the shell; null where it says none here. */
  #words: Buffer | null;
  #isOpen = true;
  #bytes = 0;

  /** `hasWords`: the shell may say at its end what has ended the command. */
  constructor(pipe: SlotPipe, hasWords: boolean) {
    this.#pipe = pipe;
    this.#lastBytes = pipe.lastBytes;
    this.#words = hasWords ? noBytes : null;
    pipe.keep();
    pipe.commandComes();
  }

  listen(onChunk: (chunk: Buffer) => void, onEnd: () => void): void {
    this.#listener = { onChunk, onEnd };
  }

  pause(): void {
    this.#isPaused = true;
    this.#watch?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#watch?.resume();
    this.#deliver();
    this.#tellEnd();
  }

  /** Whether who writes is likely to have to wait where it is not watched. */
  get expectsMuch(): boolean {
    return this.#lastBytes !== null && this.#lastBytes >= pipeBytes;
  }

  /** Whether it is likely that nothing is written. */
  get expectsSilence(): boolean {
    return this.#lastBytes === 0;
  }

  /** Has the event loop watch the pipe, or reads what is there where that is not possible; false then. */
  watch(): boolean {
    if (this.#watch !== null || this.#isAtEnd) return true;
    let fd: number;
    try {
      fd = this.#pipe.openToWatch();
    } catch {
      if (!this.#isPaused) this.#readPipe();
      return false;
    }
    const watch = new Socket({ fd, readable: true, writable: false });
    this.#watch = watch;
    watch.on('data', (chunk: Buffer) => this.#take(chunk));
    // `close` follows.
    watch.on('error', () => {});
    watch.on('close', () => {
      if (this.#watch === watch) this.#watchEnded();
    });
    if (this.#isPaused) watch.pause();
    return true;
  }

  /** The command has ended: reads all of it, to be delivered later. False where somebody else has the pipe open. */
  commandEnded(): boolean {
    this.#mayDeliver = false;
    this.#commandIsOver = true;
    this.#flushWatch();
    this.#readPipe();
    this.#pipe.lastBytes = this.#bytes;
    return this.#isAtEnd;
  }

  /** Takes from the end the words by which the shell says that this signal has ended the command; false where there are none. */
  takeWords(signal: NodeJS.Signals): boolean {
    const words = this.#words === null ? null : signalWords(this.#words);
    if (this.#words === null || words?.signal !== signal) return false;
    this.#words = this.#words.subarray(0, -words.bytes);
    return true;
  }

  /** Whether there is nothing that is to be delivered. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0 && (this.#words === null || this.#words.length === 0);
  }

  /** The end of the command was told. */
  endTold(): void {
    this.#mayDeliver = true;
    if (this.#words !== null && this.#words.length > 0) this.#waiting.push(this.#words);
    this.#words = null;
  }

  readRest(): boolean {
    if (!this.#isOpen) return true;
    this.#flushWatch();
    if (!this.#isAtEnd) this.#readPipe();
    this.#deliver();
    return this.#isAtEnd;
  }

  pipe(): string | null {
    return this.#isOpen ? this.#pipe.pipe() : null;
  }

  destroy(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#listener = null;
    this.#waiting = [];
    this.#closeWatch();
    this.#pipe.release();
  }

  /** Each `read` hands what it takes out to the listener for `data` as well. */
  #flushWatch(): void {
    while (this.#watch !== null && this.#watch.readableLength > 0 && this.#watch.read() !== null);
  }

  #closeWatch(): void {
    const watch = this.#watch;
    this.#watch = null;
    watch?.destroy();
  }

  /** Nobody has the pipe open any more. Of a command that still runs it is read at its end what the system says then. */
  #watchEnded(): void {
    this.#watch = null;
    if (!this.#commandIsOver) return;
    this.#readPipe();
    this.#tellEnd();
  }

  #tellEnd(): void {
    if (this.#isAtEnd && this.#mayDeliver && !this.#isPaused) this.#listener?.onEnd();
  }

  /** As far as it goes. */
  #readPipe(): void {
    for (let count = 0; count < mostRestChunks; count += 1) {
      const chunk = this.#pipe.read();
      if (chunk === null) return;
      if (chunk === 'end') {
        // A command that runs may not have opened it yet.
        if (!this.#commandIsOver) return;
        this.#isAtEnd = true;
        this.#closeWatch();
        return;
      }
      this.#take(chunk);
    }
  }

  #take(chunk: Buffer): void {
    let bytes = chunk;
    this.#bytes += chunk.length;
    if (this.#words !== null) {
      bytes = this.#words.length === 0 ? chunk : Buffer.concat([this.#words, chunk]);
      const kept = bytes.length - bytesOfWordsBegun(bytes);
      this.#words = Buffer.from(bytes.subarray(kept));
      bytes = bytes.subarray(0, kept);
    }
    if (bytes.length === 0) return;
    if (this.#listener !== null && this.#mayDeliver && !this.#isPaused && this.#waiting.length === 0) this.#listener.onChunk(bytes);
    else this.#waiting.push(bytes);
  }

  #deliver(): void {
    while (this.#listener !== null && this.#mayDeliver && !this.#isPaused) {
      const chunk = this.#waiting.shift();
      if (chunk === undefined) return;
      this.#listener.onChunk(chunk);
    }
  }
}
