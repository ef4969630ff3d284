import { expect, test } from 'vitest';
import { line, openDoor, openStream, type OpenDoor } from './door-harness.ts';
import { openPiecewise, type PiecewiseClient } from './door-peer.ts';
import { until } from './worker-harness.ts';

/* Clients that do not read their answers. */

const spec = `
locks: { l: }
events: { e: }
queues: { q: }
values: { n: 0 }
processes:
  a: { command: sleep 1000, uses: { q: put, e: set } }
  b: { command: sleep 1000, uses: { q: get } }
`;

/** What a get of the value is answered with is half a megabyte; the client reads no more. */
async function openDeaf(door: OpenDoor): Promise<PiecewiseClient> {
  const deaf = await openPiecewise(door, 'a');
  await deaf.writeAlone(Buffer.from(line(0, 'value.set', { name: 'n', item: 'x'.repeat(500_000) })));
  deaf.socket.pause();
  return deaf;
}

function waitingCount(door: OpenDoor): number {
  return door.snapshot().waiting.length;
}

test('whoever does not read is not read from, and keeps nobody else from going on', async () => {
  const door = openDoor(spec);
  const [deaf, lively] = [await openDeaf(door), await openStream(door, 'b')];
  const get = (id: number): string => line(id, 'value.get', { name: 'n' });
  let asked = 0;
  while (!deaf.doorPauses() && asked < 200) await deaf.writeAlone(Buffer.from(get((asked += 1))));
  expect(deaf.doorPauses()).toBe(true);
  expect(deaf.keptBytes()).toBeLessThan(1024 * 1024 + 600_000);
  const reads = deaf.reads.length;
  while (asked < 200) deaf.socket.write(get((asked += 1)));
  lively.socket.write(line(1, 'event.wait', { name: 'e', timeout_ms: 0 }));
  await lively.until(1);
  expect(deaf.reads).toHaveLength(reads);
  deaf.socket.resume();
  expect(await deaf.until(201)).toHaveLength(201);
});

test('whoever asks in one read for more than it reads is answered no further than it reads, in order', async () => {
  const door = openDoor(spec);
  const [deaf, lively] = [await openDeaf(door), await openStream(door, 'b')];
  const reads = deaf.reads.length;
  // All in one read; the answers would be 100 MB. Each is followed by a wait, so that it is seen how far the door came.
  const gets = Array.from({ length: 200 }, (_, index) => line(index + 1, 'value.get', { name: 'n' }) + line(null, 'event.wait', { name: 'e', timeout_ms: 60_000 }));
  await deaf.writeAlone(Buffer.from(`${gets.join('')}${line('late', 'event.wait', { name: 'e' })}${line('off', 'cancel', { id: 'late' })}`));
  expect(deaf.reads).toHaveLength(reads + 1);
  expect(deaf.keptBytes()).toBeLessThan(1024 * 1024 + 600_000);
  expect(waitingCount(door)).toBeLessThan(10);
  lively.socket.write(line(1, 'value.get', { name: 'n' }));
  await lively.until(1);
  deaf.socket.resume();
  const answers = await deaf.until(203);
  expect(answers.map(({ id }) => id)).toEqual([...Array.from({ length: 201 }, (_, index) => index), 'late', 'off']);
  expect(answers[201]?.error?.data.kind).toBe('cancelled');
  expect(waitingCount(door)).toBe(200);
  deaf.socket.destroy();
  await until(() => waitingCount(door) === 0, 'its waits have ended');
  expect(door.leftovers()).toEqual({ unanswered: 0, calledOffLate: 0, keptByDesk: 0 });
});

test('whoever goes away with answers unread: what it has asked before is done, and everything of it ends', async () => {
  const door = openDoor(spec);
  const [deaf, lively] = [await openDeaf(door), await openStream(door, 'b')];
  const gets = Array.from({ length: 200 }, (_, index) => line(index + 1, 'value.get', { name: 'n' }));
  await deaf.writeAlone(Buffer.from(`${gets.join('')}${line(null, 'queue.put', { name: 'q', item: 'last' })}${line(null, 'lock.acquire', { holds: 'l' })}`));
  lively.socket.write(line(1, 'queue.get', { name: 'q' }));
  await until(() => waitingCount(door) === 1, 'the other one waits');
  deaf.socket.destroy();
  expect(await lively.until(1)).toMatchObject([{ id: 1, result: { items: ['last'] } }]);
  await until(() => JSON.stringify(door.snapshot()).includes('"ownerDied":true'), 'the lock that it took last is free');
  expect(door.leftovers()).toEqual({ unanswered: 0, calledOffLate: 0, keptByDesk: 0 });
});
