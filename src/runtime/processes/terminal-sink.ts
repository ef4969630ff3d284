import type { IPty } from '@lydell/node-pty';
import type { ByteSink } from './byte-sink.ts';
import type { SpawnRequest } from './spawn-request.ts';

const endOfTransmission = '\u0004';

/** Types into a pseudo-terminal. */
export class TerminalSink implements ByteSink {
  readonly #terminal: IPty;
  #forward: ((data: Buffer) => void) | null = null;

  constructor(terminal: IPty, stdin: SpawnRequest['stdin']['type']) {
    this.#terminal = terminal;
    if (stdin === 'inherit') {
      this.#forward = (data) => terminal.write(data.toString('utf8'));
      process.stdin.on('data', this.#forward);
    }
    // A terminal cannot be empty from the start; its end of file waits for the first read.
    if (stdin === 'null') this.end();
  }

  write(text: string): boolean {
    this.#terminal.write(text);
    return true;
  }

  end(): void {
    this.#terminal.write(endOfTransmission);
  }

  listen(): void {
    // A terminal takes everything at once and has no end of its own.
  }

  pipe(): null {
    return null;
  }

  destroy(): void {
    if (this.#forward === null) return;
    process.stdin.off('data', this.#forward);
    process.stdin.pause();
    this.#forward = null;
  }
}
