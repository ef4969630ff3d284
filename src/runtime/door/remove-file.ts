import { rmSync } from 'node:fs';

/** Removes a file that a program can write, where that can be; whatever it has put in its place goes with the folder. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is no file any more, or nothing can be written there.
  }
}
