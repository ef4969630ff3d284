import { closeSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomText } from '../random-text.ts';

/**
 * Opens a text for reading, as a file without a name. A pipe would do until the program opens
 * `/dev/stdin` again: that waits for a writer, and the only one has written everything and gone.
 *
 * @throws the error of the system call that failed; nothing is left behind then.
 */
export function openText(text: string): number {
  const path = join(tmpdir(), `mpctl-${randomText(8, 'hex')}`);
  const fd = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(fd, text);
    return openSync(path, 'r');
  } finally {
    closeSync(fd);
    unlinkSync(path);
  }
}
