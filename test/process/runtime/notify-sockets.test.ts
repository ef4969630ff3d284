import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SpawnOrder } from '../../../src/engine/effect.ts';
import { NotifySockets } from '../../../src/runtime/notify/notify-sockets.ts';
import { afterTest, temporaryFolder } from './worker-harness.ts';

/** A command of the first attempt of `server`, which may say that it is ready. */
const order: SpawnOrder = {
  key: 1,
  instance: 'server',
  argv: ['true'],
  workingDir: '/',
  environment: [],
  stdin: { type: 'null' },
  stdout: { type: 'null' },
  stderr: { type: 'null' },
  collect: false,
  jobserver: null,
  tty: false,
  slot: false,
  maxLineBytes: 1000,
  notifies: 1,
};

test('a command does not wait for ever for a socket whose maker hangs, and has none then', async () => {
  const warnings: string[] = [];
  const sockets = new NotifySockets({
    places: [join(temporaryFolder(), 'sockets')],
    // Stopped before it can have made anything: nothing in this process hears of it earlier.
    guard: { watch: (group) => process.kill(group, 'SIGSTOP'), unwatch: () => {}, removeWhenKilled: () => {} },
    path: '/usr/bin:/bin',
    found: () => {},
    warn: (message) => warnings.push(message),
  });
  sockets.start();
  const { helperPid } = sockets;
  afterTest(() => {
    if (helperPid !== null) process.kill(helperPid, 'SIGKILL');
    sockets.end();
  });
  await new Promise<void>((resolve) => {
    sockets.prepare(order, resolve);
  });
  expect(sockets.environmentOf(order)).toEqual({});
  expect(warnings).toEqual(['the socket for `NOTIFY_SOCKET` of `server` was not made within 3 s; `mpctl ready` works']);
  // The next command of the attempt does not wait again.
  let isStarted = false;
  sockets.prepare({ ...order, key: 2 }, () => {
    isStarted = true;
  });
  expect(isStarted).toBe(true);
});
