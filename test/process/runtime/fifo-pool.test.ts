import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FifoPool } from '../../../src/runtime/processes/fifo-pool.ts';
import { groupIsAlive } from '../../../src/runtime/processes/group-looks.ts';
import { signalGroup } from '../../../src/runtime/processes/process-table.ts';
import { openStdioPipe } from '../../../src/runtime/processes/stdio-pipe.ts';
import { afterTest, requestFor, shellRequest, temporaryFolder, until, watchWorker } from './worker-harness.ts';

function takeFrom(pool: FifoPool, count: number): Promise<readonly string[] | null> {
  return new Promise((resolve) => {
    pool.take(count, resolve);
  });
}

async function takeOne(pool: FifoPool): Promise<string> {
  const [path] = (await takeFrom(pool, 1)) ?? [];
  if (path === undefined) throw new Error('no pipe');
  return path;
}

/** A pool that is closed after the test, and its folder. */
function poolIn(folder: string): FifoPool {
  const pool = new FifoPool(folder);
  afterTest(() => pool.close());
  return pool;
}

test('the pool makes pipes as they are needed, and nothing of it stays', async () => {
  const folder = join(temporaryFolder(), 'fifos');
  const pool = new FifoPool(folder);
  const taken = new Set<string>();
  for (let round = 0; round < 40; round += 1) {
    const paths = await takeFrom(pool, 3);
    for (const path of paths ?? []) {
      expect(existsSync(path)).toBe(true);
      taken.add(path);
    }
  }
  expect(taken.size).toBe(120);
  await pool.close();
  expect(existsSync(folder)).toBe(false);
  expect(await takeFrom(pool, 1)).toBeNull();
});

test('where no named pipes can be made, ordinary pipes serve', async () => {
  const fifos = new FifoPool('/proc/no-folder-can-be-made-here');
  expect(openStdioPipe(fifos)).toBeNull();
  const worker = watchWorker(requestFor(['cat'], { fifos, stdin: { type: 'text', text: 'a\nb' } }));
  await worker.drained;
  expect(worker.stdout).toEqual(['a', 'b']);
});

test('where the folder of the pipes has been removed, ordinary pipes serve', async () => {
  const folder = temporaryFolder();
  const fifos = new FifoPool(folder);
  await takeFrom(fifos, 1);
  await fifos.close();
  const worker = watchWorker(requestFor(['echo', 'here'], { fifos }));
  await worker.drained;
  expect(worker.stdout).toEqual(['here']);
});

test('a pipe that is given back serves again', async () => {
  const folder = join(temporaryFolder(), 'fifos');
  const fifos = poolIn(folder);
  const files = new Set<string>();
  for (let round = 0; round < 50; round += 1) {
    const worker = watchWorker(shellRequest(`echo ${round}; echo e${round} >&2`, { fifos }));
    await worker.drained;
    expect([worker.stdout, worker.stderr]).toEqual([[`${round}`], [`e${round}`]]);
    for (const file of readdirSync(folder)) files.add(file);
  }
  expect(files.size).toBeLessThan(50);
});

test('a pipe that somebody still reads or may write is removed', async () => {
  const fifos = poolIn(join(temporaryFolder(), 'fifos'));
  const [read, written] = [await takeOne(fifos), await takeOne(fifos)];
  const reader = openSync(read, constants.O_RDONLY | constants.O_NONBLOCK);
  fifos.giveBack(read, false);
  fifos.giveBack(written, true);
  closeSync(reader);
  expect([existsSync(read), existsSync(written)]).toEqual([false, false]);
});

test('what outlives its worker and goes on writing reaches no other worker', async () => {
  const fifos = poolIn(join(temporaryFolder(), 'fifos'));
  const [go, pidFile] = [join(temporaryFolder(), 'go'), join(temporaryFolder(), 'pid')];
  const stray = `echo $$ > ${pidFile}; until [ -e ${go} ]; do sleep 0.02; done; while echo stray; do :; done`;
  const first = watchWorker(
    shellRequest(`setsid sh -c '${stray}' & until [ -s ${pidFile} ]; do sleep 0.02; done`, { fifos }),
  );
  await first.drained;
  const strayGroup = Number(readFileSync(pidFile, 'utf8'));
  afterTest(() => {
    signalGroup(strayGroup, 'SIGKILL');
  });
  const others = Array.from({ length: 20 }, () => watchWorker(requestFor(['cat'], { fifos, stdin: { type: 'lines' } })));
  await Promise.all(others.map(({ started }) => started));
  writeFileSync(go, '');
  // It writes until the pipe that nobody reads any more ends it.
  await until(() => !groupIsAlive(strayGroup), 'the stray is gone');
  for (const other of others) other.handle.endInput();
  await Promise.all(others.map(({ drained }) => drained));
  expect(others.flatMap(({ stdout }) => stdout)).toEqual([]);
});

/** Puts a script before the real `mkfifo`, which stands in it as `$real`; gives how often it was called. */
function standIn(script: string): () => number {
  const folder = temporaryFolder();
  const calls = join(folder, 'calls');
  writeFileSync(calls, '');
  writeFileSync(join(folder, 'mkfifo'), `#!/bin/sh\necho >> ${calls}\nreal=/usr/bin/mkfifo calls=$(wc -l < ${calls})\n${script}\n`, { mode: 0o755 });
  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = `${folder}:${before}`;
  afterTest(() => {
    process.env['PATH'] = before;
  });
  return () => readFileSync(calls, 'utf8').length;
}

test('what somebody else has made half-way is used, and the rest made under new names', async () => {
  const folder = join(temporaryFolder(), 'fifos');
  const offered: string[] = [];
  const pool = new FifoPool(folder, {
    count: 0,
    make: (paths, ended) => {
      offered.push(...paths);
      execFileSync('mkfifo', paths.slice(0, 2));
      ended(false);
    },
  });
  afterTest(() => pool.close());
  const taken = await takeFrom(pool, 6);
  expect(taken).toHaveLength(6);
  expect(taken?.filter((path) => offered.includes(path))).toEqual(offered.slice(0, 2));
});

test('those of whom it is known how many will be asked for are made by the first order, and need no other', () => {
  const callCount = standIn('exec $real "$@"');
  const orders: number[] = [];
  const pool = new FifoPool(join(temporaryFolder(), 'fifos'), {
    count: 20,
    make: (paths, ended) => {
      orders.push(paths.length);
      execFileSync('/usr/bin/mkfifo', paths);
      ended(true);
    },
  });
  afterTest(() => pool.close());
  for (let slot = 0; slot < 4; slot += 1) expect(pool.takeManyNow(5)).toHaveLength(5);
  expect({ orders, calls: callCount() }).toEqual({ orders: [24], calls: 0 });
});

test.each([
  ['is killed', 'kill -9 $$'],
  ['meets a name that exists', '$real "$3"; exec $real "$@"'],
])('a `mkfifo` that %s does not end the use of named pipes', async (_, failure) => {
  standIn(`[ $calls -gt 1 ] || { ${failure}; }\nexec $real "$@"`);
  const pool = poolIn(join(temporaryFolder(), 'fifos'));
  expect(await takeFrom(pool, 6)).toHaveLength(6);
});

test('where file systems have no named pipes that is asked once', async () => {
  const callCount = standIn('echo "mkfifo: cannot create fifo: Operation not supported" >&2; exit 1');
  const pool = poolIn(join(temporaryFolder(), 'fifos'));
  expect([await takeFrom(pool, 1), await takeFrom(pool, 1)]).toEqual([null, null]);
  expect(callCount()).toBe(1);
});

test('a `mkfifo` that goes on failing keeps nobody waiting', async () => {
  standIn('echo "mkfifo: no space left" >&2; exit 1');
  const pool = poolIn(join(temporaryFolder(), 'fifos'));
  expect([await takeFrom(pool, 1), await takeFrom(pool, 1)]).toEqual([null, null]);
});
