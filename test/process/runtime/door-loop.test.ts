import { describe, expect, test } from 'vitest';
import type { SeenProcess, ThreadWait } from '../../../src/engine/seen-program.ts';
import { line, openDoor, openStream, type OpenDoor, type RawClient } from './door-harness.ts';
import { until } from './worker-harness.ts';

const spec = `
queues: { q: , r: }
processes: { a: { command: sleep 1000, uses: { q: [put, get], r: [put, get] } } }
`;

const pid = 42;

function asleep(mark: string, threads: readonly ThreadWait[] = ['answer', 'own'], ofPid = pid): SeenProcess {
  return { pid: ofPid, mark, threads };
}

/** A client with an event loop and one call under way. */
async function waitInLoop(door: OpenDoor, head = 'Mpctl-Loop: 1\r\n'): Promise<RawClient> {
  const client = await openStream(door, 'a', pid, head);
  client.socket.write(line(1, 'queue.get', { name: 'q' }));
  await until(() => door.snapshot().waiting.length === 1, 'it waits');
  return client;
}

/** What was asked of it, once everything that was written to it has come. */
async function asked(client: RawClient): Promise<number> {
  const before = client.frames.filter(({ id }) => id === 99).length;
  client.socket.write(line(99, 'queue.look', { name: 'r' }));
  await until(() => client.frames.filter(({ id }) => id === 99).length > before, 'it has its answer');
  return client.frames.filter(({ method }) => method === 'wait.ask').length;
}

const saysOnly = (calls: number | null): string => line(null, 'wait.only', { calls });
const isSaid = (door: OpenDoor): boolean | undefined => door.clientsOf('a').loops[0]?.isSaid;

describe('an event loop', () => {
  test('waits in all calls of its connection, and has said nothing of what else it hears', async () => {
    const door = openDoor(spec);
    await waitInLoop(door);
    expect(door.clientsOf('a')).toEqual({ waiters: [{ call: 1, pid, thread: '', threads: 'loop' }], clients: [pid], loops: [{ pid, isSaid: false }], listeners: [] });
  });

  test('is asked when its program was seen twice in the same sleep, and then not again before it has answered', async () => {
    const door = openDoor(spec);
    const client = await waitInLoop(door);
    door.saw('a', [asleep('1')]);
    expect(await asked(client)).toBe(0);
    door.saw('a', [asleep('2')]);
    expect(await asked(client)).toBe(0);
    door.saw('a', [asleep('2')]);
    expect(await asked(client)).toBe(1);
    door.saw('a', [asleep('2')]);
    door.saw('a', [asleep('2')]);
    expect(await asked(client)).toBe(1);
  });

  test.each<readonly [string, readonly SeenProcess[]]>([
    ['something of its program computes', [asleep('1'), asleep('1', ['other'], 43)]],
    ['the system does not tell', [{ pid, mark: '1', threads: null }]],
    ['it was not seen', [asleep('1', ['own'], 43)]],
  ])('is not asked where %s', async (_, seen) => {
    const door = openDoor(spec);
    const client = await waitInLoop(door);
    for (let looks = 0; looks < 3; looks += 1) door.saw('a', seen);
    expect(await asked(client)).toBe(0);
  });

  test('is not looked for in a client that does not say that it has one', async () => {
    const door = openDoor(spec);
    const client = await waitInLoop(door, '');
    for (let looks = 0; looks < 3; looks += 1) door.saw('a', [asleep('1')]);
    expect(await asked(client)).toBe(0);
    expect(door.clientsOf('a')).toMatchObject({ waiters: [], loops: [] });
  });

  test('is believed for the one sleep that follows', async () => {
    const door = openDoor(spec);
    const client = await waitInLoop(door);
    door.saw('a', [asleep('1')]);
    door.saw('a', [asleep('1')]);
    client.socket.write(saysOnly(1));
    await until(() => isSaid(door) === true, 'it has said so');
    door.saw('a', [asleep('2')]);
    door.saw('a', [asleep('2')]);
    expect(isSaid(door)).toBe(true);
    door.saw('a', [asleep('3')]);
    expect(isSaid(door)).toBe(false);
    door.saw('a', [asleep('3')]);
    expect(await asked(client)).toBe(2);
  });

  test('is not believed any more when it was answered elsewhere before it slept', async () => {
    const door = openDoor(spec);
    const client = await waitInLoop(door);
    const other = await openStream(door, 'a', pid, 'Mpctl-Loop: 1\r\n');
    other.socket.write(line(1, 'queue.get', { name: 'r' }));
    await until(() => door.snapshot().waiting.length === 2, 'both wait');
    door.saw('a', [asleep('1')]);
    door.saw('a', [asleep('1')]);
    client.socket.write(saysOnly(1));
    await until(() => isSaid(door) === true, 'it has said so');
    other.socket.write(line(null, 'queue.put', { name: 'r', item: 1 }));
    await other.until(2);
    door.saw('a', [asleep('2')]);
    expect(isSaid(door)).toBe(false);
  });

  test.each([
    ['hears something else', saysOnly(null)],
    ['has not had an answer yet that is on its way', saysOnly(2)],
    ['says nothing that can be read', line(null, 'wait.only', [])],
  ])('is asked anew where it %s', async (_, word) => {
    const door = openDoor(spec);
    const client = await waitInLoop(door);
    door.saw('a', [asleep('1')]);
    door.saw('a', [asleep('1')]);
    client.socket.write(word);
    expect(await asked(client)).toBe(1);
    expect(isSaid(door)).toBe(false);
    door.saw('a', [asleep('2')]);
    door.saw('a', [asleep('2')]);
    expect(await asked(client)).toBe(2);
  });

  test('is not believed where it was not asked', async () => {
    const door = openDoor(spec);
    const client = await waitInLoop(door);
    client.socket.write(saysOnly(1));
    await asked(client);
    expect(isSaid(door)).toBe(false);
  });
});
