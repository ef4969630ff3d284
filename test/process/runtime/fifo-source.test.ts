import { spawnSync } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFifo } from '../../../src/runtime/processes/fifo.ts';
import { FifoSource } from '../../../src/runtime/processes/fifo-source.ts';
import { temporaryFolder, until } from './worker-harness.ts';

interface Watched {
  readonly source: FifoSource;
  readonly write: (text: string) => void;
  readonly end: () => void;
  readonly seen: () => string;
  readonly closed: boolean[];
}

function watchFifo(): Watched {
  const path = join(temporaryFolder(), 'pipe');
  spawnSync('mkfifo', [path]);
  const { readFd, writeFd } = openFifo(path, 'read');
  const closed: boolean[] = [];
  let seen = '';
  const source = new FifoSource(readFd, (ended) => closed.push(ended));
  source.listen(
    (chunk) => {
      seen += chunk.toString();
    },
    () => {},
  );
  return { source, closed, seen: () => seen, write: (text) => writeSync(writeFd, text), end: () => closeSync(writeFd) };
}

test('what the socket took while it was paused comes before what is still in the pipe', async () => {
  const watched = watchFifo();
  watched.write('first ');
  await until(() => watched.seen() === 'first ', 'the pipe is watched');
  watched.source.pause();
  watched.write('a'.repeat(30_000));
  // The socket takes one chunk more after it was paused: an event loop later it is in its buffer.
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  watched.write('b'.repeat(5000));
  watched.end();
  watched.source.resume();
  expect(watched.source.readRest()).toBe(true);
  expect(watched.seen()).toBe(`first ${'a'.repeat(30_000)}${'b'.repeat(5000)}`);
});

test('what a short command wrote is read although nothing has watched the pipe yet', () => {
  const watched = watchFifo();
  watched.write('all of it');
  watched.end();
  expect(watched.source.readRest()).toBe(true);
  expect(watched.seen()).toBe('all of it');
  watched.source.destroy();
  expect(watched.closed).toEqual([true]);
});

test('while somebody may still write, the end is not said', () => {
  const watched = watchFifo();
  watched.write('some');
  expect(watched.source.readRest()).toBe(false);
  expect(watched.seen()).toBe('some');
  watched.source.destroy();
  expect(watched.closed).toEqual([false]);
  watched.end();
});
