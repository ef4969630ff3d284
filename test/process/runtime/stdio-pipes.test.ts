import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Result } from '../../../src/base/result.ts';
import type { StdioPipePlan } from '../../../src/plan/plan.ts';
import { type PipeRefusal, StdioPipes } from '../../../src/runtime/stdio-pipes.ts';
import { afterTest, temporaryFifos, temporaryFolder } from './worker-harness.ts';

const plan: StdioPipePlan = { name: 'raw', place: [], from: 'gen', to: 'sink', duplex: false, pipefail: false };

function openPipes(): StdioPipes {
  const pipes = new StdioPipes([plan], temporaryFifos());
  afterTest(() => pipes.close());
  return pipes;
}

function fdOf(result: Result<number, PipeRefusal>): number {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** Takes the numbers that were closed, as the next files of a run do. */
function takeFreeNumbers(): void {
  const file = join(temporaryFolder(), 'foreign');
  const taken = Array.from({ length: 8 }, () => openSync(file, 'w'));
  afterTest(() => {
    for (const fd of taken) closeSync(fd);
  });
}

test('a worker that is restarted has the same pipe, and what was written to it', () => {
  const pipes = openPipes();
  writeSync(fdOf(pipes.outputFd('raw', 'gen')), 'first ');
  writeSync(fdOf(pipes.outputFd('raw', 'gen')), 'second');
  const bytes = Buffer.alloc(32);
  expect(bytes.toString('utf8', 0, readSync(fdOf(pipes.inputFd('raw', 'sink')), bytes))).toBe('first second');
});

test.each([
  ['the writer', 'gen', 'EPIPE'],
  ['the reader', 'sink', 'end of file'],
])('%s that lives again after both ends gets a new pipe, at whose other end is nobody', (_, who, expected) => {
  const pipes = openPipes();
  const first = who === 'gen' ? pipes.outputFd('raw', 'gen') : pipes.inputFd('raw', 'sink');
  expect(first.ok).toBe(true);
  for (const name of ['gen', 'sink']) pipes.endOf(name);
  takeFreeNumbers();
  const met = (): string => {
    if (who === 'sink') return readSync(fdOf(pipes.inputFd('raw', 'sink')), Buffer.alloc(1)) === 0 ? 'end of file' : 'a byte';
    try {
      return String(writeSync(fdOf(pipes.outputFd('raw', 'gen')), 'x'));
    } catch (error) {
      return String(error).slice(7, 12);
    }
  };
  expect(met()).toBe(expected);
});

test.each([
  ['gen', 'sink'],
  ['sink', 'gen'],
])('%s and then %s live again as a pair where the second is awaited', (first, second) => {
  const pipes = openPipes();
  const ask = (who: string): number => fdOf(who === 'gen' ? pipes.outputFd('raw', who) : pipes.inputFd('raw', who));
  for (const who of [first, second]) ask(who);
  for (const who of [first, second]) pipes.endOf(who);
  takeFreeNumbers();
  pipes.await(second);
  const fds = new Map([first, second].map((who) => [who, ask(who)]));
  writeSync(fds.get('gen') ?? -1, 'again');
  const bytes = Buffer.alloc(32);
  expect(bytes.toString('utf8', 0, readSync(fds.get('sink') ?? -1, bytes))).toBe('again');
  pipes.endOf('gen');
  expect(readSync(fds.get('sink') ?? -1, bytes)).toBe(0);
});

test.each([
  ['gen', 'sink'],
  ['sink', 'gen'],
])('%s and then %s cannot live again as a pair where the second was not awaited, and it is said why', (first, second) => {
  const pipes = openPipes();
  const ask = (who: string): Result<number, PipeRefusal> => (who === 'gen' ? pipes.outputFd('raw', who) : pipes.inputFd('raw', who));
  for (const who of [first, second]) expect(ask(who).ok).toBe(true);
  for (const who of [first, second]) pipes.endOf(who);
  expect(ask(first).ok).toBe(true);
  expect(ask(second)).toMatchObject({
    ok: false,
    error: { message: `\`${first}\` was started while \`${second}\` was over, and so nobody is at the other end of its pipe \`raw\`` },
  });
});

test.each([
  ['gen', 'sink', '`sink` has still to read what it wrote to the pipe `raw` in its last life', 'start it once `sink` has ended'],
  ['sink', 'gen', '`gen` still writes to the pipe `raw` in its last life', 'start it once `gen` has ended'],
])('%s that lives again while %s has the old pipe is refused, and not later', (again, other, message, hint) => {
  const pipes = openPipes();
  const ask = (): Result<number, PipeRefusal> => (again === 'gen' ? pipes.outputFd('raw', 'gen') : pipes.inputFd('raw', 'sink'));
  expect(ask().ok).toBe(true);
  pipes.endOf(again);
  takeFreeNumbers();
  expect(ask()).toEqual({ ok: false, error: { message, hint } });
  pipes.endOf(again);
  pipes.endOf(other);
  expect(fstatSync(fdOf(ask())).isFIFO()).toBe(true);
});
