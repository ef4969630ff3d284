import { expect, test } from 'vitest';
import { signalProcess } from '../../../src/runtime/processes/process-table.ts';
import { launchAll, requestFor, shellRequest, temporaryFifos, temporaryLauncher, watchWorker } from './worker-harness.ts';

// What holds for workers that mpctl starts holds for these.
launchAll();
await import('./spawn-worker.test.ts');
await import('./spawn-failure.test.ts');

test('a worker is the child of the launcher, and one that reads its input is that of mpctl', async () => {
  const launcher = temporaryLauncher();
  const worker = watchWorker(shellRequest('echo $PPID'), launcher);
  await worker.drained;
  expect(worker.stdout).toEqual([String(launcher.pid)]);
  const reader = watchWorker(shellRequest('echo $PPID', { stdin: { type: 'text', text: 'hello' } }), launcher);
  await reader.drained;
  expect(reader.stdout).toEqual([String(process.pid)]);
});

test('many at once are each heard with their own end and their own lines', async () => {
  const launcher = temporaryLauncher();
  const fifos = temporaryFifos();
  const workers = Array.from({ length: 60 }, (_, index) => watchWorker(shellRequest(`echo ${index}; exit ${index}`, { fifos }), launcher));
  for (const [index, worker] of workers.entries()) {
    expect(await worker.exited).toEqual({ code: index, signal: null });
    await worker.drained;
    expect(worker.stdout).toEqual([String(index)]);
  }
});

test('arguments and variables arrive byte for byte', async () => {
  const launcher = temporaryLauncher();
  const odd = ['', ' ', '=', "it's", 'ü🐘', 'a\nb', '$HOME', '%s'];
  const request = requestFor(['/bin/sh', '-c', 'printf "[%s]" "$@"; printf "(%s)" "$ODD"', 'sh', ...odd]);
  const worker = watchWorker({ ...request, env: { ...request.env, ODD: 'x=ü\ny' } }, launcher);
  await worker.drained;
  expect(worker.stdout.join('\n')).toBe(`${odd.map((text) => `[${text}]`).join('')}(x=ü\ny)`);
});

test('whoever was called off while it was being started does not run on', async () => {
  const launcher = temporaryLauncher();
  const first = watchWorker(shellRequest('exit 0'), launcher);
  await first.drained;
  const worker = watchWorker(shellRequest('sleep 30', { fifos: temporaryFifos() }), launcher);
  worker.handle.signalGroup('SIGTERM');
  expect(await worker.exited).toEqual({ code: null, signal: 'SIGTERM' });
  await worker.drained;
  expect(worker.heard).toEqual(['exited', 'drained']);
});

test('where the launcher is killed, what it started is ended, and mpctl starts the next itself', async () => {
  const lost: string[] = [];
  const launcher = temporaryLauncher((message) => lost.push(message));
  const running = watchWorker(shellRequest('echo ready; exec sleep 30'), launcher);
  await running.lineWith('ready');
  signalProcess(launcher.pid ?? 0, 'SIGKILL');
  expect(await running.exited).toEqual({ code: null, signal: 'SIGKILL', isLost: true });
  await running.drained;
  expect(lost).toEqual(['the launcher was ended, and with it the 1 command that it had started']);
  const next = watchWorker(shellRequest('echo $PPID'), launcher);
  await next.drained;
  expect(next.stdout).toEqual([String(process.pid)]);
});

test('what was being started when the launcher was killed is started by mpctl', async () => {
  const launcher = temporaryLauncher();
  const fifos = temporaryFifos();
  const first = watchWorker(shellRequest('exit 0', { fifos }), launcher);
  await first.drained;
  // It reads nothing any more, and then it is gone.
  signalProcess(launcher.pid ?? 0, 'SIGSTOP');
  const worker = watchWorker(shellRequest('echo done', { fifos }), launcher);
  signalProcess(launcher.pid ?? 0, 'SIGKILL');
  await worker.drained;
  expect(worker.stdout).toEqual(['done']);
});
