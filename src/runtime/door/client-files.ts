import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** Names for the files that clients write into; their folder is made with the first of them. */
export class ClientFiles {
  #folder: string;
  #made = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Once there is one, the folder as the system names it, without symbolic links. */
  get folder(): string {
    return this.#folder;
  }

  /**
   * A path where nothing is yet.
   *
   * @throws NodeJS.ErrnoException where the folder cannot be made.
   */
  next(): string {
    if (this.#made === 0) {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      this.#folder = realpathSync(this.#folder);
    }
    this.#made += 1;
    return join(this.#folder, String(this.#made));
  }
}
