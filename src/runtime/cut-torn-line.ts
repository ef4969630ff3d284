import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync } from 'node:fs';

const pieceBytes = 64 * 1024;
const newline = 0x0a;

/**
 * Lets a file end with a whole line: what follows its last newline goes. What is no regular file stays as it is.
 *
 * @throws the error of the system
 */
export function cutTornLine(path: string): void {
  if (!statSync(path).isFile()) return;
  const fd = openSync(path, 'r+');
  try {
    const { size } = fstatSync(fd);
    const end = endOfLastLine(fd, size);
    if (end < size) ftruncateSync(fd, end);
  } finally {
    closeSync(fd);
  }
}

function endOfLastLine(fd: number, size: number): number {
  const piece = Buffer.alloc(pieceBytes);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - pieceBytes);
    const read = readSync(fd, piece, 0, end - start, start);
    const last = piece.subarray(0, read).lastIndexOf(newline);
    if (last !== -1) return start + last + 1;
    end = start;
  }
  return 0;
}
