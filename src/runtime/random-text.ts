import { closeSync, openSync, readSync } from 'node:fs';

/**
 * So many random bytes of the system, as text, good enough for keys. Read from random(4)'s
 * file: loading the cryptography of Node takes as long as starting a process.
 *
 * @throws the error of the system call where there is no such file.
 */
export function randomText(byteCount: number, encoding: 'hex' | 'base64url'): string {
  const bytes = Buffer.alloc(byteCount);
  const fd = openSync('/dev/urandom', 'r');
  try {
    readSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  return bytes.toString(encoding);
}
