import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SpawnThread } from '../../../src/runtime/processes/spawn-thread.ts';
import { describeSpawnFailure } from './spawn-failure-suite.ts';
import { describeSpawnWorker } from './spawn-worker-suite.ts';
import { requestFor, shellRequest, startBeside, until, watchWorker } from './worker-harness.ts';

describe('started beside the event loop', () => {
  const thread = new SpawnThread();

  beforeAll(async () => {
    await until(() => thread.usable, 'the thread is up');
    startBeside(thread);
  });

  afterAll(() => {
    startBeside(null);
    thread.close();
  });

  describeSpawnWorker();
  describeSpawnFailure();

  test('a signal of the time before it runs reaches the worker as soon as it does', async () => {
    const worker = watchWorker(shellRequest('sleep 60', { stdout: { type: 'null' }, stderr: { type: 'null' } }));
    worker.handle.signalGroup('SIGTERM');
    expect(await worker.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(worker.heard[0]).toBe('started');
  });

  test('without its thread a start is made on the spot, and nothing that runs goes on unheard', async () => {
    const lost = new SpawnThread();
    await until(() => lost.usable, 'the thread is up');
    const running = watchWorker(shellRequest('echo up; sleep 60', { thread: lost }));
    await running.lineWith('up');
    // More than the thread may ever hold.
    const big = watchWorker(requestFor(['true', ...Array.from({ length: 3_000_000 }, (_, index) => String(index))], { thread: lost }));
    expect(await running.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect((await big.failed).code).toBe('MP805');
    expect(lost.usable).toBe(false);
    const next = watchWorker(shellRequest('exit 3', { thread: lost }));
    expect(await next.exited).toEqual({ code: 3, signal: null });
  });
});
