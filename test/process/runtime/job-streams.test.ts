import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JobMemory } from '../../../src/runtime/jobs/job-memory.ts';
import { JobStream, lostOutput } from '../../../src/runtime/jobs/job-streams.ts';
import { temporaryFolder } from './worker-harness.ts';

/** What the stream writes out. */
async function writtenBy(stream: JobStream): Promise<string> {
  const target = join(temporaryFolder(), 'target');
  const fd = openSync(target, 'w');
  await stream.writeTo(fd);
  closeSync(fd);
  return readFileSync(target, 'latin1');
}

/** Empty where it is closed already, as the descriptor of the listing is. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

const kilobyte = Buffer.alloc(1024, 'x');

test('a short output needs no file', async () => {
  const path = join(temporaryFolder(), 'out');
  const stream = new JobStream(path, new JobMemory());
  stream.add(Buffer.from('one '));
  stream.add(Buffer.from('two'));
  expect([stream.size(), existsSync(path), await writtenBy(stream)]).toEqual([7, false, 'one two']);
  stream.remove();
});

test('a long output is in a file from its beginning, and the memory is free again', async () => {
  const path = join(temporaryFolder(), 'out');
  const memory = new JobMemory();
  const stream = new JobStream(path, memory);
  stream.add(Buffer.from('first '));
  for (let count = 0; count < 2000; count += 1) stream.add(kilobyte);
  stream.end();
  expect(readdirSync('/proc/self/fd').filter((fd) => linkOf(`/proc/self/fd/${fd}`) === path)).toEqual([]);
  expect([stream.held(), stream.size()]).toEqual([null, 6 + 2000 * 1024]);
  expect(await writtenBy(stream)).toBe(`first ${'x'.repeat(2000 * 1024)}`);
  expect(memory.take(32 * 1024 * 1024)).toBe(true);
  stream.remove();
  expect(existsSync(path)).toBe(false);
});

test('where the memory is used up, short output is in files as well, until others have been written out', () => {
  const folder = temporaryFolder();
  const memory = new JobMemory();
  const streams = Array.from({ length: 50 }, (_, index) => new JobStream(join(folder, String(index)), memory));
  for (const stream of streams) for (let count = 0; count < 800; count += 1) stream.add(kilobyte);
  const inFiles = streams.filter((stream) => stream.held() === null).length;
  expect(inFiles).toBeGreaterThan(5);
  expect(inFiles).toBeLessThan(25);
  for (const stream of streams) stream.remove();
  const next = new JobStream(join(folder, 'next'), memory);
  next.add(kilobyte);
  expect(next.held()).toEqual([kilobyte]);
});

test('what a job has written to its own file is the output, and removed with it', async () => {
  const path = join(temporaryFolder(), 'out');
  const stream = new JobStream(path, new JobMemory());
  const fd = stream.openFile();
  writeSync(fd, 'by itself');
  closeSync(fd);
  expect([stream.size(), await writtenBy(stream)]).toEqual([9, 'by itself']);
  stream.remove();
  expect(existsSync(path)).toBe(false);
});

test('where there is no room for it that is said, and not a part of it passed on', async () => {
  const stream = new JobStream('/dev/full', new JobMemory());
  for (let count = 0; count < 2000; count += 1) stream.add(kilobyte);
  await expect(writtenBy(stream)).rejects.toThrow('ENOSPC: no space left on device');
});

test('of a file that a job writes by itself mpctl looks whether there is room behind it', () => {
  const folder = join(temporaryFolder(), 'full');
  mkdirSync(folder);
  const memory = new JobMemory();
  const streams = { stdout: new JobStream(join(folder, 'out'), memory), stderr: new JobStream(join(folder, 'err'), memory) };
  expect(lostOutput(streams)).toBeNull();
  closeSync(streams.stdout.openFile());
  expect([lostOutput(streams), readdirSync(folder)]).toEqual([null, ['out']]);
  rmSync(folder, { recursive: true });
  expect(lostOutput(streams)?.message).toMatch(/^ENOENT/u);
});
