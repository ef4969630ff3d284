import { readFileSync } from 'node:fs';

/** Reads a code cache that may be missing or unreadable, which only means that there is no cache. */
export function readCache(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
