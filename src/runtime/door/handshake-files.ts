import type { Owner } from '../../sync/operation.ts';
import type { ClientFiles } from './client-files.ts';
import { HandshakeFile } from './handshake-file.ts';

/** The files of all holders, one for each thing that was ever left to them; they are used again. */
export class HandshakeFiles {
  readonly #files: ClientFiles;
  /** By instance, holder and name. */
  readonly #made = new Map<string, Map<string, Map<string, HandshakeFile>>>();

  constructor(files: ClientFiles) {
    this.#files = files;
  }

  /** @throws NodeJS.ErrnoException where no file can be made. */
  of({ instance, holder }: Owner, name: string): HandshakeFile {
    const holders = this.#made.get(instance) ?? new Map<string, Map<string, HandshakeFile>>();
    const files = holders.get(holder) ?? new Map<string, HandshakeFile>();
    const file = files.get(name) ?? new HandshakeFile(this.#files.next());
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
