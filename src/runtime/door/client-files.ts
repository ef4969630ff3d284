import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Names for the files that clients write into; their folder is made with the first of them. */
export class ClientFiles {
  readonly #folder: string;
  #made = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * A path where nothing is yet.
   *
   * @throws NodeJS.ErrnoException where the folder cannot be made.
   */
  next(): string {
    if (this.#made === 0) mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#made += 1;
    return join(this.#folder, String(this.#made));
  }
}
