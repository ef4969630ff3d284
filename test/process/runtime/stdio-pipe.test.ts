import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStdioPipe } from '../../../src/runtime/processes/stdio-pipe.ts';
import type { StdioPipe } from '../../../src/runtime/processes/stdio-pipe.ts';
import { afterTest, requestFor, shellRequest, temporaryFifos, temporaryFolder, until, watchWorker } from './worker-harness.ts';
import type { WatchedWorker } from './worker-harness.ts';

function openPipe(): StdioPipe {
  const pipe = openStdioPipe(temporaryFifos());
  if (pipe === null) throw new Error('no pipe');
  afterTest(() => pipe.close());
  return pipe;
}

test('what the producer writes before the consumer starts is not lost, and its end is seen', async () => {
  const pipe = openPipe();
  const producer = watchWorker(shellRequest('seq 100000', { stdout: { type: 'fd', fd: pipe.writeFd } }));
  await producer.started;
  pipe.closeWriteEnd();
  const consumer = watchWorker(requestFor(['wc', '-l'], { stdin: { type: 'fd', fd: pipe.readFd } }));
  await consumer.started;
  pipe.closeReadEnd();
  await consumer.drained;
  expect(consumer.stdout.map(Number)).toEqual([100_000]);
  expect(await producer.exited).toEqual({ code: 0, signal: null });
});

test('a consumer that has read enough ends its producer by SIGPIPE', async () => {
  const pipe = openPipe();
  const producer = watchWorker(requestFor(['yes'], { stdout: { type: 'fd', fd: pipe.writeFd } }));
  const consumer = watchWorker(requestFor(['head', '-1'], { stdin: { type: 'fd', fd: pipe.readFd } }));
  await Promise.all([producer.started, consumer.started]);
  pipe.closeWriteEnd();
  pipe.closeReadEnd();
  await consumer.drained;
  expect(consumer.stdout).toEqual(['y']);
  expect(await producer.exited).toEqual({ code: null, signal: 'SIGPIPE' });
});

test('a consumer that never starts ends its producer as soon as the read end is closed', async () => {
  const pipe = openPipe();
  const producer = watchWorker(requestFor(['yes'], { stdout: { type: 'fd', fd: pipe.writeFd } }));
  await producer.started;
  pipe.closeWriteEnd();
  pipe.closeReadEnd();
  expect(await producer.exited).toEqual({ code: null, signal: 'SIGPIPE' });
});

test('a consumer that is killed may be started again while the read end is kept', async () => {
  const pipe = openPipe();
  const go = join(temporaryFolder(), 'go');
  const script = `echo 1; while [ ! -e ${go} ]; do sleep 0.02; done; echo 2; echo 3`;
  const producer = watchWorker(shellRequest(script, { stdout: { type: 'fd', fd: pipe.writeFd } }));
  await producer.started;
  pipe.closeWriteEnd();
  const first = watchWorker(requestFor(['cat'], { stdin: { type: 'fd', fd: pipe.readFd } }));
  await first.lineWith('1');
  first.handle.signalGroup('SIGKILL');
  await first.exited;
  writeFileSync(go, '');
  expect(await producer.exited).toEqual({ code: 0, signal: null });
  const second = watchWorker(requestFor(['cat'], { stdin: { type: 'fd', fd: pipe.readFd } }));
  await second.started;
  pipe.closeReadEnd();
  await second.drained;
  expect(second.stdout).toEqual(['2', '3']);
});

/** null where it is gone: a program that is being loaded closes its libraries again. */
function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

test('a worker has its own ends and no others', async () => {
  const pipe = openPipe();
  const other = watchWorker(requestFor(['sleep', '30']));
  const producer = watchWorker(requestFor(['sleep', '30'], { stdout: { type: 'fd', fd: pipe.writeFd } }));
  const target = readlinkSync(`/proc/self/fd/${pipe.readFd}`);
  const copiesIn = async (worker: WatchedWorker): Promise<string[]> => {
    const pid = await worker.started;
    await until(() => readlinkSync(`/proc/${pid}/exe`).endsWith('sleep'), 'the command runs');
    return readdirSync(`/proc/${pid}/fd`).filter((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === target);
  };
  expect(await copiesIn(other)).toEqual([]);
  expect(await copiesIn(producer)).toEqual(['1']);
});
