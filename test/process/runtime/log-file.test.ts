import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LogFile } from '../../../cmd/verbs/log-file.ts';
import { LogWriter } from '../../../src/runtime/run-folder/log-writer.ts';
import { temporaryFolder } from './worker-harness.ts';

interface Log {
  readonly folder: string;
  readonly write: (text: string) => void;
}

function openLog(maxSizeBytes: number, keep: number): Log {
  const folder = temporaryFolder();
  const stream = {};
  const onTrouble = ({ message }: { readonly message: string }): void => {
    throw new Error(message);
  };
  const writer = new LogWriter({ file: join(folder, 'a.log'), limits: { maxSizeBytes, keep }, onTrouble, now: () => 0 });
  return { folder, write: (text) => writer.write(Buffer.from(text), stream) };
}

function rest(file: LogFile): string {
  return Buffer.concat([...file.unread()]).toString();
}

test('is empty until something is written, and gives each byte once', () => {
  const { folder, write } = openLog(1000, 3);
  const file = new LogFile(folder, 'a');
  expect(rest(file)).toBe('');
  write('one\n');
  expect(rest(file)).toBe('one\n');
  write('two\nthr');
  write('ee\n');
  expect(rest(file)).toBe('two\nthree\n');
  expect(rest(file)).toBe('');
  file.close();
});

test('begins at the oldest piece, and leaves the logs of others alone', () => {
  const { folder, write } = openLog(4, 12);
  const other = new LogWriter({ file: join(folder, 'a.log.b.log'), limits: { maxSizeBytes: 4, keep: 1 }, onTrouble: () => {}, now: () => 0 });
  other.write(Buffer.from('not mine\n'), {});
  const lines = Array.from({ length: 12 }, (_, index) => `${100 + index}\n`);
  for (const line of lines) write(line);
  const file = new LogFile(folder, 'a');
  expect(rest(file)).toBe(lines.join(''));
  file.close();
});

test.each([1, 2, 3, 7])('loses nothing however often the log goes on in a new file while it is read (%i)', (stride) => {
  const { folder, write } = openLog(9, 120);
  const file = new LogFile(folder, 'a');
  let written = '';
  let read = '';
  for (let round = 0; round < 40; round += 1) {
    const pieces = file.unread();
    // More is written between any two pieces that are read.
    for (let piece = pieces.next(); piece.done !== true; piece = pieces.next()) {
      read += piece.value.toString();
      if (read.length < written.length) continue;
      for (let count = 0; count < (round % stride) + 1 && written.length < 600; count += 1) {
        const line = `${'x'.repeat((round * 5 + count) % 8)}\n`;
        write(line);
        written += line;
      }
    }
    write(`${round}\n`);
    written += `${round}\n`;
  }
  expect(read + rest(file)).toBe(written);
  file.close();
});

test('goes on with what is left where the piece that it was at has been removed', () => {
  const { folder, write } = openLog(4, 1);
  const file = new LogFile(folder, 'a');
  write('100\n');
  expect(rest(file)).toBe('100\n');
  for (const line of ['101\n', '102\n', '103\n']) write(line);
  expect(rest(file)).toBe('102\n103\n');
  file.close();
});

test.each<[number, string]>([
  [0, ''],
  [1, '108\n'],
  [2, '107\n108\n'],
  [5, '104\n105\n106\n107\n108\n'],
  [100, '100\n101\n102\n103\n104\n105\n106\n107\n108\n'],
])('of the last %i lines gives those', (lines, expected) => {
  const { folder, write } = openLog(9, 10);
  for (let line = 100; line < 109; line += 1) write(`${line}\n`);
  const file = new LogFile(folder, 'a');
  file.skipToLast(lines);
  expect(rest(file)).toBe(expected);
  write('more\n');
  expect(rest(file)).toBe('more\n');
  file.close();
});

test('counts a last line without its newline, and lines longer than what is read at once', () => {
  const { folder, write } = openLog(1e6, 1);
  const long = 'x'.repeat(70_000);
  write(`first\n${long}\n${long}\nend`);
  const file = new LogFile(folder, 'a');
  file.skipToLast(2);
  expect(rest(file)).toBe(`${long}\nend`);
  file.close();
});
