import type { Readable } from 'node:stream';
import type { ItemListener, ItemSource } from './item-source.ts';

const newline = 0x0a;

/**
 * Items of an input, as binary strings, each behind its end: a newline or NUL. The last one may have none.
 * The input is read as fast as items are taken, a piece ahead.
 */
export class StreamedItems implements ItemSource {
  readonly #input: Readable;
  readonly #end: number;
  #items: string[] = [];
  #head = 0;
  /** What has come of the next item. */
  #rest: Buffer[] = [];
  #hasEnded = false;

  constructor(input: Readable, endsWithNul: boolean, { onMore, onFailure }: ItemListener) {
    this.#input = input;
    this.#end = endsWithNul ? 0 : newline;
    input.on('data', (piece: Buffer) => {
      input.pause();
      this.#split(piece);
      onMore();
    });
    input.on('end', () => {
      const last = Buffer.concat(this.#rest);
      this.#rest = [];
      if (last.length > 0) this.#items.push(last.toString('latin1'));
      this.#hasEnded = true;
      onMore();
    });
    input.on('error', (error) => {
      this.#hasEnded = true;
      onFailure(error);
    });
    input.pause();
  }

  take(): readonly string[] | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) {
      this.#items = [];
      this.#head = 0;
      return undefined;
    }
    this.#head += 1;
    return [item];
  }

  get isAtEnd(): boolean {
    return this.#hasEnded && this.#head >= this.#items.length;
  }

  wantMore(): void {
    if (!this.#hasEnded) this.#input.resume();
  }

  close(): void {
    this.#hasEnded = true;
    this.#input.destroy();
  }

  #split(piece: Buffer): void {
    let from = 0;
    for (;;) {
      const end = piece.indexOf(this.#end, from);
      if (end < 0) break;
      const tail = piece.subarray(from, end);
      this.#items.push((this.#rest.length === 0 ? tail : Buffer.concat([...this.#rest, tail])).toString('latin1'));
      this.#rest = [];
      from = end + 1;
    }
    if (from < piece.length) this.#rest.push(piece.subarray(from));
  }
}
