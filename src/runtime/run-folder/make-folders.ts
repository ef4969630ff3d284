import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '../system-error-code.ts';

/**
 * Makes a folder and those above it, each with mode 0700; one that exists stays as it is, also one that somebody
 * else makes meanwhile. Node's own `recursive` never returns where a file system refuses folders with ENOENT, as
 * `/proc` does.
 *
 * @throws the error of the system call.
 */
export function makeFolders(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    const parent = dirname(path);
    if (systemErrorCode(error) !== 'ENOENT' || parent === path) throw error;
    makeFolders(parent);
    makeFolder(path);
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}
