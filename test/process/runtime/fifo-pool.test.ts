import { closeSync, constants, existsSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FifoPool } from '../../../src/runtime/processes/fifo-pool.ts';
import { groupIsAlive, signalGroup } from '../../../src/runtime/processes/process-table.ts';
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
