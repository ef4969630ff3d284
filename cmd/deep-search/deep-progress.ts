import type { OutputStream } from '../host.ts';
import { deepSearch } from './search-limits.ts';

/** Where no person looks on, one line in so many reports is enough. */
const reportsPerLine = 10;

/** Tells how far a deep search has come: on a terminal in one line that changes, elsewhere in a line now and then. */
export class DeepProgress {
  readonly #stream: Pick<OutputStream, 'isTTY' | 'write'>;
  #reports = 0;

  constructor(stream: Pick<OutputStream, 'isTTY' | 'write'>) {
    this.#stream = stream;
  }

  report(states: number): void {
    const text = `${states} of at most ${deepSearch.mostStates} states`;
    if (this.#stream.isTTY) this.#stream.write(`\r${text}\u001B[K\r`);
    else if (this.#reports % reportsPerLine === 0) this.#stream.write(`${text}\n`);
    this.#reports += 1;
  }

  /** Leaves nothing of the line on the terminal. */
  end(): void {
    if (this.#stream.isTTY && this.#reports > 0) this.#stream.write('\r\u001B[K');
  }
}
