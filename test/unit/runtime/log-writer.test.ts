import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogWriter } from '../../../src/runtime/run-folder/log-writer.ts';
import type { LogLimits, LogTrouble } from '../../../src/runtime/run-folder/log-writer.ts';

const stdout = {};
const stderr = {};
const roomy: LogLimits = { maxSizeBytes: 1_000_000, keep: 3 };

let folder = '';
let file = '';
let nowMs = 0;
let troubles: LogTrouble[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mpctl-log-'));
  file = join(folder, 'a.log');
  nowMs = 0;
  troubles = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function openLog(limits: LogLimits = roomy, path = file): LogWriter {
  return new LogWriter({ file: path, limits, onTrouble: (trouble) => troubles.push(trouble), now: () => nowMs });
}

function content(path = file): string {
  return readFileSync(path, 'utf8');
}

test('the file appears with the first byte, only its owner may read it', () => {
  const log = openLog();
  expect(existsSync(file)).toBe(false);
  log.write(Buffer.from(''), stdout);
  expect(existsSync(file)).toBe(false);
  log.write(Buffer.from('a\n'), stdout);
  expect(content()).toBe('a\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('bytes stay as they are, and a log is continued', () => {
  const bytes = Buffer.from([0x00, 0xff, 0x0d, 0x0a]);
  const first = openLog();
  first.write(bytes, stdout);
  first.close();
  openLog().write(bytes, stdout);
  expect(readFileSync(file).equals(Buffer.concat([bytes, bytes]))).toBe(true);
});

test('a line of one stream is never torn by the other', () => {
  const log = openLog();
  log.write(Buffer.from('piece one, '), stdout);
  log.write(Buffer.from('piece two'), stdout);
  log.write(Buffer.from('error\n'), stderr);
  log.write(Buffer.from('next\n'), stdout);
  expect(content()).toBe('piece one, piece two\nerror\nnext\n');
});

test('rotation keeps so many files and loses no line', () => {
  const log = openLog({ maxSizeBytes: 100, keep: 100 });
  const lines = Array.from({ length: 300 }, (_, index) => `line ${index}\n`);
  for (let index = 0; index < lines.length; index += 7) {
    log.write(Buffer.from(lines.slice(index, index + 7).join('')), stdout);
  }
  const names = readdirSync(folder);
  const age = (name: string): number => Number(name.slice('a.log.'.length));
  const ordered = names.toSorted((a, b) => age(b) - age(a));
  expect(ordered.map((name) => content(join(folder, name))).join('')).toBe(lines.join(''));
  for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100);
});

test('pieces that come together stand in the same files as one after the other', () => {
  const chunks = Array.from({ length: 60 }, (_, chunk) => Array.from({ length: chunk % 4 }, (_unused, piece) => `${'x'.repeat((chunk * 7 + piece * 13) % 40)}${chunk}.${piece}\n`));
  const files = (write: (log: LogWriter, pieces: readonly Buffer[]) => void): readonly string[] => {
    const log = openLog({ maxSizeBytes: 100, keep: 100 });
    for (const chunk of chunks) write(log, chunk.map((text) => Buffer.from(text)));
    log.close();
    const texts = readdirSync(folder).toSorted().map((name) => `${name}: ${content(join(folder, name))}`);
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    return texts;
  };
  const together = files((log, pieces) => log.writeAll(pieces, stdout));
  expect(together.length).toBeGreaterThan(10);
  const oneByOne = files((log, pieces) => {
    for (const piece of pieces) log.write(piece, stdout);
  });
  expect(together).toEqual(oneByOne);
});

test('the oldest file goes', () => {
  const log = openLog({ maxSizeBytes: 10, keep: 2 });
  for (const line of ['1111111\n', '2222222\n', '3333333\n', '4444444\n']) log.write(Buffer.from(line), stdout);
  expect(readdirSync(folder).toSorted()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
  expect([content(), content(`${file}.1`), content(`${file}.2`)]).toEqual(['4444444\n', '3333333\n', '2222222\n']);
});

test('with keep 0 there is one file', () => {
  const log = openLog({ maxSizeBytes: 10, keep: 0 });
  for (const line of ['1111111\n', '2222222\n']) log.write(Buffer.from(line), stdout);
  expect(readdirSync(folder)).toEqual(['a.log']);
  expect(content()).toBe('2222222\n');
});

test('a line longer than a file has one of its own', () => {
  const log = openLog({ maxSizeBytes: 10, keep: 5 });
  log.write(Buffer.from(`a\n${'b'.repeat(50)}\nc\n`), stdout);
  expect([content(`${file}.2`), content(`${file}.1`), content()]).toEqual(['a\n', `${'b'.repeat(50)}\n`, 'c\n']);
});

test('a file that was removed comes again', () => {
  const log = openLog();
  log.write(Buffer.from('1\n'), stdout);
  rmSync(file);
  nowMs += 1000;
  log.write(Buffer.from('2\n'), stdout);
  expect(content()).toBe('2\n');
  expect(troubles).toEqual([]);
});

test('trouble is told once, counted, and over with the first success five seconds later', () => {
  const log = openLog();
  mkdirSync(file);
  log.write(Buffer.from('123\n'), stdout);
  nowMs += 4999;
  log.write(Buffer.from('56\n'), stdout);
  nowMs += 1;
  log.write(Buffer.from('7\n'), stdout);
  expect(troubles.map(({ type }) => type)).toEqual(['failing']);
  expect(troubles[0]?.message).toContain('EISDIR');
  rmSync(file, { recursive: true });
  nowMs += 5000;
  log.write(Buffer.from('after\n'), stdout);
  expect(content()).toBe('[mpctl] 9 bytes of output could not be written here\nafter\n');
  expect(troubles[1]).toMatchObject({ type: 'resumed', code: 'MP821', droppedBytes: 9 });
});

test('a full disk loses what does not fit, and says how much', () => {
  const log = openLog(roomy, '/dev/full');
  log.write(Buffer.from('123\n'), stdout);
  log.write(Buffer.from('456\n'), stdout);
  expect(troubles).toEqual([
    {
      type: 'failing',
      code: 'MP820',
      message:
        'the log `/dev/full` cannot be written (ENOSPC: no space left on device); output is not logged until it can',
    },
  ]);
});
