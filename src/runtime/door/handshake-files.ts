import type { Owner } from '../../sync/operation.ts';
import type { CallError } from '../../protocol/error-kind.ts';
import type { ClientFiles } from './client-files.ts';
import { HandshakeFile } from './handshake-file.ts';

/** So many files of one instance are open at most: each holder of it has its own, and there may be any number of those. */
const mostOfInstance = 256;

/** What is said where it has so many. */
export const tooManyFiles: CallError = { kind: 'refused', message: `the holders of this instance have ${mostOfInstance} such files already` };

/** The files of all holders, one for each thing that was ever left to them; they are used again. */
export class HandshakeFiles {
  readonly #files: ClientFiles;
  /** By instance, holder and name. */
  readonly #made = new Map<string, Map<string, Map<string, HandshakeFile>>>();

  constructor(files: ClientFiles) {
    this.#files = files;
  }

  /**
   * The file for it; null where its instance has too many others.
   *
   * @throws NodeJS.ErrnoException where no file can be made.
   */
  of({ instance, holder }: Owner, name: string): HandshakeFile | null {
    const holders = this.#made.get(instance) ?? new Map<string, Map<string, HandshakeFile>>();
    const files = holders.get(holder) ?? new Map<string, HandshakeFile>();
    const known = files.get(name);
    if (known !== undefined) return known;
    if (countOf(holders) >= mostOfInstance) return null;
    const file = new HandshakeFile(this.#files.next());
    this.#made.set(instance, holders.set(holder, files.set(name, file)));
    return file;
  }

  /** The file that was made for it; null where none was. */
  made({ instance, holder }: Owner, name: string): HandshakeFile | null {
    return this.#made.get(instance)?.get(holder)?.get(name) ?? null;
  }

  /** An instance has ended, or one holder within it: whoever opened its files has them still, and nobody else. */
  remove(instance: string, holder: string | null): void {
    const holders = this.#made.get(instance);
    for (const [name, files] of holders ?? []) {
      if (holder !== null && name !== holder) continue;
      for (const file of files.values()) file.remove();
      holders?.delete(name);
    }
    if (holders?.size === 0) this.#made.delete(instance);
  }
}

function countOf(holders: ReadonlyMap<string, ReadonlyMap<string, HandshakeFile>>): number {
  let count = 0;
  for (const files of holders.values()) count += files.size;
  return count;
}
