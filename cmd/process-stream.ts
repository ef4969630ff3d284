import { systemErrorCode } from '../src/runtime/system-error-code.ts';
import type { OutputStream } from './host.ts';

/** A stream of this process, touched only when it is first used, since that costs at every start. */
export class ProcessStream implements OutputStream {
  readonly #open: () => NodeJS.WriteStream;
  #stream: NodeJS.WriteStream | null = null;
  /** The first failure that loses output somebody still wants. */
  #failure: Error | null = null;
  #closed = false;
  readonly #readerGoneListeners: (() => void)[] = [];
  readonly #caughtUpListeners: (() => void)[] = [];
  readonly #failureListeners: ((error: Error) => void)[] = [];

  constructor(open: () => NodeJS.WriteStream) {
    this.#open = open;
  }

  get isTTY(): boolean {
    // Absent where it is no terminal, although Node's types say otherwise.
    const stream = this.#use();
    return 'isTTY' in stream && stream.isTTY;
  }

  get columns(): number | null {
    const { columns } = this.#use();
    return columns > 0 ? columns : null;
  }

  get rows(): number | null {
    const { rows } = this.#use();
    return rows > 0 ? rows : null;
  }

  /** Never throws; what cannot be written is found again by `failure`. */
  write(text: string): void {
    if (!this.#closed && text !== '') this.#use().write(text);
  }

  pendingBytes(): number {
    return this.#closed ? 0 : (this.#stream?.writableLength ?? 0);
  }

  onCaughtUp(listener: () => void): void {
    this.#caughtUpListeners.push(listener);
  }

  onReaderGone(listener: () => void): void {
    this.#readerGoneListeners.push(listener);
  }

  /** Calls back once, as soon as output is lost that somebody still wants. */
  onFailure(listener: (error: Error) => void): void {
    this.#failureListeners.push(listener);
  }

  /** Why output was lost; null also where the reader has gone away, which is his right (EPIPE). */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Resolves when everything written has reached the operating system or is lost; with a patience also when nothing of it has for so long. */
  async flush(patienceMs: number | null = null): Promise<void> {
    const stream = this.#stream;
    if (stream === null || this.#closed) return;
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve());
      // A pipe that is read slowly is not idle. What is written to a file has got there by now.
      if (patienceMs !== null && 'setTimeout' in stream) stream.setTimeout(patienceMs, () => resolve());
    });
  }

  #caughtUp(): void {
    for (const listener of this.#caughtUpListeners) listener();
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    for (const listener of this.#failureListeners.splice(0)) listener(error);
  }

  #use(): NodeJS.WriteStream {
    if (this.#stream === null) {
      this.#stream = this.#open();
      this.#stream.on('error', (error: Error) => {
        this.#closed = true;
        if (systemErrorCode(error) === 'EPIPE') for (const listener of this.#readerGoneListeners.splice(0)) listener();
        else this.#fail(error);
        this.#caughtUp();
      });
      this.#stream.on('drain', () => this.#caughtUp());
    }
    return this.#stream;
  }
}
