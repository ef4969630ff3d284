import { closeSync, openSync, readSync } from 'node:fs';

const pieceBytes = 1024 * 1024;
const newline = 0x0a;

/** Where a line stands in its file; `bytes` includes the newline. */
export interface LinePlace {
  readonly start: number;
  readonly bytes: number;
}

/** A line with where it stands, without its newline. */
export interface PlacedLine extends LinePlace {
  readonly text: string;
}

/**
 * The whole lines of a file, one after the other: all of them may be more than one text can have, or the memory. One without its end is none.
 *
 * @throws the error of the system
 */
export function* linesOfFile(path: string): Generator<PlacedLine> {
  const fd = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(pieceBytes);
    let rest: Buffer[] = [];
    let start = 0;
    for (;;) {
      const read = readSync(fd, piece, 0, pieceBytes, null);
      if (read === 0) return;
      let from = 0;
      for (let end = piece.indexOf(newline); end !== -1 && end < read; end = piece.indexOf(newline, from)) {
        const line = Buffer.concat([...rest, piece.subarray(from, end)]);
        rest = [];
        yield { text: line.toString(), start, bytes: line.length + 1 };
        start += line.length + 1;
        from = end + 1;
      }
      if (from < read) rest.push(Buffer.from(piece.subarray(from, read)));
    }
  } finally {
    closeSync(fd);
  }
}

/**
 * The line that `linesOfFile` has found there, without its newline.
 *
 * @throws the error of the system
 */
export function lineAt(path: string, { start, bytes }: LinePlace): string {
  const line = Buffer.alloc(bytes - 1);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, line, 0, line.length, start);
  } finally {
    closeSync(fd);
  }
  return line.toString();
}
