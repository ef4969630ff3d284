import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../run-folder/make-folders.ts';

/** Output that is too long to be kept as a value, whole, in a file. */
export class KeptOutput {
  readonly #path: string;
  /** Null once it cannot be written, or is not to be. */
  #fd: number | null = null;

  /** Begins with what was read so far. */
  constructor(path: string, chunks: readonly Buffer[]) {
    this.#path = path;
    try {
      makeFolders(dirname(path));
      this.#fd = openSync(path, 'w', 0o600);
    } catch {
      return;
    }
    for (const chunk of chunks) this.write(chunk);
  }

  write(chunk: Buffer): void {
    try {
      for (let written = 0; this.#fd !== null && written < chunk.length;) written += writeSync(this.#fd, chunk, written);
    } catch {
      // A part of it is worth nothing: the beginning is kept as a value.
      this.drop();
    }
  }

  /** Its path; null where not all of it could be written. */
  end(): string | null {
    if (this.#fd === null) return null;
    closeSync(this.#fd);
    this.#fd = null;
    return this.#path;
  }

  drop(): void {
    if (this.#fd === null) return;
    closeSync(this.#fd);
    this.#fd = null;
    rmSync(this.#path, { force: true });
  }
}
