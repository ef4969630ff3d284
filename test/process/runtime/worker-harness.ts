import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach } from 'vitest';
import { FifoPool } from '../../../src/runtime/processes/fifo-pool.ts';
import { Launcher } from '../../../src/runtime/processes/launcher.ts';
import { Slots } from '../../../src/runtime/processes/slots.ts';
import { spawnWorker } from '../../../src/runtime/processes/spawn-worker.ts';
import type { SpawnFailure } from '../../../src/runtime/processes/spawn-failure.ts';
import type { SpawnListener, WorkerExit } from '../../../src/runtime/processes/spawn-listener.ts';
import type { SpawnRequest } from '../../../src/runtime/processes/spawn-request.ts';
import type { WorkerHandle } from '../../../src/runtime/processes/worker-handle.ts';

const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Runs after the test, whatever its result; last registered first. */
export function afterTest(cleanup: () => void | Promise<void>): void {
  cleanups.push(cleanup);
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mpctl-test-'));
  afterTest(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A pool of named pipes that is closed after the test. */
export function temporaryFifos(): FifoPool {
  const fifos = new FifoPool(join(temporaryFolder(), 'fifos'));
  afterTest(() => fifos.close());
  return fifos;
}

let areLaunched = false;

/** From now on every worker of this test file is started by a launcher, where it is of the kind that one starts. */
export function launchAll(): void {
  areLaunched = true;
}

let areInSlots = false;

/** From now on every worker of this test file is run by the shell of a slot, where it is of the kind that one runs. */
export function runAllInSlots(): void {
  areInSlots = true;
}

/** Slots that are closed after the test; `watched` are the groups of their shells. */
export function temporarySlots(fifos: FifoPool, watched = new Set<number>()): Slots {
  const slots = new Slots({
    outputFolder: join(temporaryFolder(), 'outputs'),
    fifos,
    watch: (group) => watched.add(group),
    unwatch: (group) => watched.delete(group),
  });
  afterTest(() => slots.closed());
  return slots;
}

/** A launcher that takes the first command already; it is sent away after the test. */
export function temporaryLauncher(onLost: (message: string) => void = () => {}): Launcher {
  const launcher = new Launcher(onLost, 0);
  afterTest(() => launcher.close());
  return launcher;
}

/** The request for a shell-free command with everything captured as lines. */
export function requestFor(argv: readonly string[], changes: Partial<SpawnRequest> = {}): SpawnRequest {
  return {
    instance: 'worker',
    argv,
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    stdin: { type: 'null' },
    stdout: { type: 'lines' },
    stderr: { type: 'lines' },
    log: null,
    maxLineBytes: 65_536,
    tty: false,
    fifos: changes.fifos ?? temporaryFifos(),
    ...changes,
  };
}

/** The request for a script of `/bin/sh`. */
export function shellRequest(script: string, changes: Partial<SpawnRequest> = {}): SpawnRequest {
  return requestFor(['/bin/sh', '-c', script], changes);
}

/** A worker and everything that was heard of it. */
export interface WatchedWorker {
  readonly handle: WorkerHandle;
  /** `started`, `exited`, … in the order heard. */
  readonly heard: string[];
  readonly stdout: string[];
  readonly stderr: string[];
  readonly started: Promise<number>;
  readonly exited: Promise<WorkerExit>;
  readonly drained: Promise<{ captured: string | null; truncated: boolean; stdoutBytes: number }>;
  readonly failed: Promise<SpawnFailure>;
  /** Comes with the first line that contains the text. */
  readonly lineWith: (text: string) => Promise<string>;
}

/** Starts a worker and listens to it; what is left of its group is killed after the test. */
export function watchWorker(request: SpawnRequest, launcher = areLaunched ? temporaryLauncher() : null): WatchedWorker {
  const slots = areInSlots && request.stdin.type === 'null' && !request.tty ? temporarySlots(request.fifos) : null;
  return listenTo((listener) => (slots === null ? null : runInSlot(slots, request, listener)) ?? spawnWorker(request, listener, launcher));
}

/** Has a slot run the command, and listens to it; null where the slot cannot. */
export function watchInSlot(slots: Slots, request: SpawnRequest): WatchedWorker {
  return listenTo((listener) => {
    const handle = runInSlot(slots, request, listener);
    if (handle === null) throw new Error('a slot cannot run this');
    return handle;
  });
}

function runInSlot(slots: Slots, request: SpawnRequest, listener: SpawnListener): WorkerHandle | null {
  // Whoever has it run starts by himself what the shell could not.
  const notStarted = (): void => {
    const worker = spawnWorker(request, listener, null);
    afterTest(() => {
      worker.signalGroup('SIGKILL');
    });
  };
  const task = slots.run({ request, overlay: Object.entries(request.env), environment: () => request.env }, { ...listener, notStarted });
  // As whoever has it run knows by then.
  if (task !== null) listener.started(task.pid);
  return task;
}

function listenTo(start: (listener: SpawnListener) => WorkerHandle): WatchedWorker {
  const heard: string[] = [];
  const output = { stdout: [] as string[], stderr: [] as string[] };
  const started = deferred<number>();
  const exited = deferred<WorkerExit>();
  const drained = deferred<{ captured: string | null; truncated: boolean; stdoutBytes: number }>();
  const failed = deferred<SpawnFailure>();
  const waiting = new Map<string, (line: string) => void>();
  const handle = start({
    started: (pid) => {
      heard.push('started');
      started.resolve(pid);
    },
    failed: (failure) => {
      heard.push('failed');
      failed.resolve(failure);
    },
    line: (stream, text) => {
      if (heard.at(-1) !== 'line') heard.push('line');
      output[stream].push(text);
      for (const [part, resolve] of waiting) if (text.includes(part)) resolve(text);
    },
    exited: (exit) => {
      heard.push('exited');
      exited.resolve(exit);
    },
    drained: (captured, truncated, stdoutBytes) => {
      heard.push('drained');
      drained.resolve({ captured, truncated, stdoutBytes });
    },
    inputClosed: () => {
      heard.push('inputClosed');
    },
  });
  afterTest(() => {
    handle.signalGroup('SIGKILL');
    handle.release();
  });
  return {
    handle,
    heard,
    ...output,
    started: started.promise,
    exited: exited.promise,
    drained: drained.promise,
    failed: failed.promise,
    lineWith: (text) => {
      const seen = [...output.stdout, ...output.stderr].find((line) => line.includes(text));
      if (seen !== undefined) return Promise.resolve(seen);
      return new Promise((resolve) => {
        waiting.set(text, resolve);
      });
    },
  };
}

/** Waits until something is true, looking every few milliseconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await delay(5);
  }
}
