import { expect, test, vi } from 'vitest';
import { line, openDoor, openStream } from './door-harness.ts';
import { openPiecewise } from './door-peer.ts';
import { until } from './worker-harness.ts';

const spec = `
locks: { l: }
pipes: { x: { between: [a, b] } }
pools: { work: { workers: 1, command: sleep 1000 } }
processes:
  a: { command: sleep 1000, uses: { work: submit } }
  b: { command: sleep 1000 }
`;

test('a stream that is closed ends its waits for tasks, ends and moments, too', async () => {
  const door = openDoor(spec);
  const client = await openStream(door, 'a');
  client.socket.write(line(1, 'pool.submit', { name: 'work', item: 1 }));
  await client.until(1);
  client.socket.write(
    line(2, 'pool.result', { name: 'work', task: 0 }) +
      line(3, 'process.join', { name: 'b' }) +
      line(4, 'process.await', { name: 'b', moment: 'exit' }) +
      // Nobody wants the answer of this one even now.
      line(null, 'pool.join', { name: 'work' }),
  );
  const waits = [2, 3, 4, 5];
  await until(() => waits.every((call) => door.isUnderWay(call)), 'all of them wait');
  client.socket.destroy();
  await until(() => !waits.some((call) => door.isUnderWay(call)), 'none of them waits');
  expect(door.leftovers()).toEqual({ unanswered: 0, calledOffLate: 0, keptByDesk: 0 });
});

test('who watches a pipe hears of its end before whoever closed it has his answer', async () => {
  const door = openDoor(spec);
  const closer = await openPiecewise(door, 'b', 2);
  const watcher = await openPiecewise(door, 'a');
  watcher.socket.write(line(1, 'pipe.watch', { name: 'x' }));
  await watcher.until(1);
  const [told, answered] = [vi.spyOn(watcher.end, 'write'), vi.spyOn(closer.end, 'write')];
  closer.socket.write(line(1, 'pipe.close', { name: 'x' }));
  expect(await closer.until(1)).toMatchObject([{ id: 1, result: null }]);
  expect((await watcher.until(2))[1]).toEqual({ jsonrpc: '2.0', method: 'pipe.ended', params: { name: 'x' } });
  // The clients cannot tell which came first, since each has a connection of its own.
  expect(told.mock.invocationCallOrder[0]).toBeLessThan(answered.mock.invocationCallOrder[0] ?? 0);
});

test('what one holder of a stream that is closed leaves goes to none of its others', async () => {
  const door = openDoor(spec);
  const client = await openStream(door, 'a');
  const other = await openStream(door, 'b');
  client.socket.write(line(1, 'lock.acquire', { holds: 'l' }, 1));
  await client.until(1);
  client.socket.write(line(2, 'lock.acquire', { holds: 'l' }, 2));
  await until(() => door.isUnderWay(2), 'the second holder waits');
  other.socket.write(line(1, 'lock.acquire', { holds: 'l' }));
  await until(() => door.isUnderWay(3), 'the other program waits');
  client.socket.destroy();
  expect(await other.until(1)).toMatchObject([{ id: 1, result: { tokens: { l: 2 }, owner_died: ['l'] } }]);
});
