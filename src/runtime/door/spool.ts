import { closeSync, readSync } from 'node:fs';
import { makeClientFile } from './make-client-file.ts';
import { removeFile } from './remove-file.ts';
import type { Json } from '../../base/json.ts';
import { isList } from '../../base/json-type.ts';
import { parseJson } from '../../base/parse-json.ts';

/** Where the items begin; before them stands the header, 64 bits, lowest byte first. */
const headerBytes = 8;
/** So large is the file: what a client collects before it sends. */
const spoolBytes = 256 * 1024;

/**
 * Items that a client has put and not sent yet, in a file: they are there when it has been killed. The
 * header says which batch the client is collecting, in its upper half, and how many bytes of it there are.
 */
export class Spool {
  readonly path: string;
  readonly #file: number;
  #lastSent = 0;

  /** @throws NodeJS.ErrnoException where no file can be made. */
  constructor(path: string) {
    this.path = path;
    this.#file = makeClientFile(path, spoolBytes);
  }

  /** This batch has come; false for one that has come before, from a client that did not know. */
  came(batch: number): boolean {
    const isNew = batch !== this.#lastSent;
    this.#lastSent = batch;
    return isNew;
  }

  /** The client is gone: what it had put and not sent. The file is removed. */
  close(): readonly Json[] {
    const bytes = Buffer.alloc(spoolBytes);
    const read = readSync(this.#file, bytes, 0, spoolBytes, 0);
    closeSync(this.#file);
    removeFile(this.path);
    const length = bytes.readUInt32LE(0);
    const batch = bytes.readUInt32LE(4);
    if (batch === this.#lastSent || length === 0 || headerBytes + length > read) return [];
    const items = parseJson(`[${bytes.toString('utf8', headerBytes, headerBytes + length)}]`);
    return items.ok && isList(items.value) ? items.value : [];
  }
}
