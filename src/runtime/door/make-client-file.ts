import { closeSync, openSync, writeSync } from 'node:fs';
import { removeFile } from './remove-file.ts';

/**
 * Makes a file that a client and the run share, with so many bytes of zero, and gives its descriptor. All of
 * its room is there from then on: where the disk is full, that shows now, and not when the run writes into it.
 *
 * @throws NodeJS.ErrnoException where it cannot be made; then nothing is left of it.
 */
export function makeClientFile(path: string, bytes: number): number {
  const file = openSync(path, 'wx+', 0o600);
  try {
    // A disk that is almost full may take a part of it, and says so only when it is asked for more.
    for (let written = 0; written < bytes; ) written += writeSync(file, Buffer.alloc(bytes - written), 0, bytes - written, written);
    return file;
  } catch (error) {
    closeSync(file);
    removeFile(path);
    throw error;
  }
}
