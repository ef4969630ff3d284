import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connect } from '../../../src/client/connect.ts';
import type { Run } from '../../../src/client/run.ts';
import { type OpenDoor, openDoor } from '../../process/runtime/door-harness.ts';

const spec = `
locks: { guard: }
events: { go: }
conditions: { changed: { lock: guard } }
barriers: { start: { parties: 2 } }
queues: { ranked: { order: priority } }
pools: { ended: { workers: 1, command: [x] }, killed: { workers: 1, command: [x], stop: { signal: SIGINT, grace_period: 1h } } }
processes:
  p: { command: x, uses: { go: set, changed: notify, start: wait, ranked: [put, get], ended: [submit, start], killed: [submit, start], extra: start } }
  q: { command: x, uses: { start: wait } }
  extra: { command: x, autostart: false, allow_failure: true }
  never: { command: x, autostart: false }
`;

async function connected(): Promise<{ readonly door: OpenDoor; readonly run: Run; readonly other: Run }> {
  const door = openDoor(spec);
  const [run, other] = await Promise.all(['p', 'q'].map(async (instance) => connect({ socket: door.path, authkey: door.keys.keyOf(instance) })));
  if (run === undefined || other === undefined) throw new Error('nobody is connected');
  onTestFinished(async () => {
    await Promise.all([run.close(), other.close()]);
  });
  return { door, run, other };
}

async function waiting(door: OpenDoor, count: number): Promise<void> {
  await vi.waitUntil(() => door.snapshot().waiting.length === count);
}

describe('the client', () => {
  it('clears an event, for which is waited from then on', async () => {
    const { door, run, other } = await connected();
    await run.event('go').set();
    await other.event('go').wait();
    await run.event('go').clear();
    expect(await other.event('go').isSet()).toBe(false);
    const wait = other.event('go').wait();
    await waiting(door, 1);
    await run.event('go').set();
    await wait;
  });

  it('waits on a condition, whose lock it has again when it was notified, and wakes as many as it says', async () => {
    const { door, run } = await connected();
    const woken: string[] = [];
    const sleep = async (name: string): Promise<void> => {
      const thread = run.thread(name);
      const held = await thread.lock('guard').acquire();
      await thread.condition('changed').wait();
      woken.push(name);
      expect((await thread.lock('guard').look()).free).toBe(0);
      await held.release();
    };
    const sleepers = ['first', 'second', 'third'].map(sleep);
    await waiting(door, 3);
    const wake = async (count: number | 'all'): Promise<void> => {
      await using _ = await run.lock('guard').acquire();
      await (count === 'all' ? run.condition('changed').notifyAll() : run.condition('changed').notify(count));
    };
    await wake(2);
    await Promise.all(sleepers.slice(0, 2));
    expect(woken).toEqual(['first', 'second']);
    await waiting(door, 1);
    await wake('all');
    await sleepers[2];
    expect(woken).toEqual(['first', 'second', 'third']);
  });

  it('resets a barrier: who waits is told, and then it is as new', async () => {
    const { door, run, other } = await connected();
    const waits = other.barrier('start').wait();
    await waiting(door, 1);
    await run.barrier('start').reset();
    await expect(waits).rejects.toMatchObject({ name: 'BrokenBarrier' });
    expect(await run.barrier('start').look()).toEqual({ parties: 2, arrived: [], isBroken: false });
    const again = [other.barrier('start').wait(), run.barrier('start').wait()];
    expect(new Set(await Promise.all(again))).toEqual(new Set([0, 1]));
  });

  it('puts with a priority, of which the lowest comes first', async () => {
    const { run } = await connected();
    const ranked = run.queue('ranked');
    await ranked.put('usual');
    await ranked.put('last', { priority: 2 });
    await ranked.putAll(['first', 'second'], { priority: -1 });
    expect([await ranked.get(), await ranked.get(), await ranked.get(), await ranked.get()]).toEqual(['first', 'second', 'usual', 'last']);
  });

  it.each(['terminate', 'kill'] as const)('submits many tasks, and ends their pool by `%s`: none has succeeded, and the pool is joined', async (way) => {
    const { run } = await connected();
    const pool = run.pool(way === 'kill' ? 'killed' : 'ended');
    const tasks = await pool.submitAll(['a', 'b', 'c']);
    expect(tasks.map(({ index }) => index)).toEqual([0, 1, 2]);
    await pool[way]();
    for (const task of tasks) await expect(task.result()).rejects.toMatchObject({ name: 'TaskFailed', fate: 'cancelled', task: task.index });
    await pool.join();
  });

  it.each(['terminate', 'kill'] as const)('sees a process, and ends it by `%s`', async (way) => {
    const { run } = await connected();
    const extra = run.process('extra');
    expect(await extra.states()).toEqual([{ name: 'extra', process: 'extra', kind: 'process', state: 'idle', pid: null, exitcode: null, isAlive: false }]);
    await expect(run.process('never').join()).rejects.toMatchObject({ name: 'Impossible' });
    await extra.start();
    await expect(extra.start()).rejects.toMatchObject({ name: 'Refused' });
    await vi.waitUntil(async () => extra.isAlive());
    await expect(extra.join({ timeoutMs: 0 })).rejects.toMatchObject({ name: 'WouldBlock' });
    await extra[way]();
    const exitcode = way === 'kill' ? -9 : -15;
    expect(await extra.join()).toEqual({ extra: exitcode });
    expect(await extra.states()).toMatchObject([{ state: 'stopped', exitcode, isAlive: false }]);
    await expect(run.process('nobody').states()).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('gives everything back at the end of an `await using` block', async () => {
    const { door, run } = await connected();
    const left = await (async () => {
      await using own = await connect({ socket: door.path, authkey: door.keys.keyOf('q') });
      await own.lock('guard').acquire();
      expect((await run.lock('guard').look()).holders).toMatchObject([{ process: 'q' }]);
      return own;
    })();
    await expect(left.event('go').isSet()).rejects.toMatchObject({ name: 'Disconnected' });
    await using held = await run.lock('guard').acquire();
    expect(held.ownerDied).toEqual(['guard']);
  });
});
