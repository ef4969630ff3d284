import type { ItemSource } from './item-source.ts';

/** Items that are known: every combination of one from each source, the last of which changes fastest. */
export class ListedItems implements ItemSource {
  readonly #sources: readonly (readonly string[])[];
  readonly #count: number;
  #taken = 0;

  constructor(sources: readonly (readonly string[])[]) {
    this.#sources = sources;
    this.#count = sources.reduce((count, { length }) => count * length, 1);
  }

  take(): readonly string[] | undefined {
    if (this.isAtEnd) return undefined;
    let rest = this.#taken;
    this.#taken += 1;
    return this.#sources
      .toReversed()
      .map((source) => {
        const item = source[rest % source.length];
        rest = Math.floor(rest / source.length);
        return item ?? '';
      })
      .toReversed();
  }

  get isAtEnd(): boolean {
    return this.#taken >= this.#count;
  }

  wantMore(): void {}

  close(): void {
    this.#taken = this.#count;
  }
}
