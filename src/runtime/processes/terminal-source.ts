import type { IPty } from '@lydell/node-pty';
import type { ByteSource } from './byte-source.ts';

/** The merged output of a pseudo-terminal. */
export class TerminalSource implements ByteSource {
  readonly #terminal: IPty;
  #onEnd: (() => void) | null = null;

  constructor(terminal: IPty) {
    this.#terminal = terminal;
  }

  listen(onChunk: (chunk: Buffer) => void, onEnd: () => void): void {
    this.#onEnd = onEnd;
    // The declared type is string; without an encoding they are bytes.
    this.#terminal.onData((data: string | Buffer) => onChunk(Buffer.from(data)));
  }

  pause(): void {
    this.#terminal.pause();
  }

  resume(): void {
    this.#terminal.resume();
  }

  readRest(): boolean {
    return false;
  }

  pipe(): null {
    return null;
  }

  destroy(): void {
    this.#onEnd = null;
  }

  /** The exit is told only after the terminal was read to its end. */
  ended(): void {
    this.#onEnd?.();
  }
}
