import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { line, openDoor, openStream, type OpenDoor } from './door-harness.ts';
import { noteEnds } from './door-ends.ts';
import { openPiecewise } from './door-peer.ts';
import { until } from './worker-harness.ts';

/* Clients that send half of something, and then stay or go away. */

const spec = `
locks: { l: }
queues: { q: }
values: { n: 0 }
processes:
  a: { command: sleep 1000, uses: { q: [put, get] } }
  b: { command: sleep 1000, uses: { q: get } }
`;

/** A client that has sent some bytes, and the door's end of its connection, which has read them. */
async function sendTo(door: OpenDoor, bytes: string): Promise<{ readonly socket: Socket; readonly end: Socket }> {
  const { ends, stop } = noteEnds();
  const socket = connect(door.path).on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  socket.write(bytes);
  await until(() => ends[0]?.bytesRead === Buffer.byteLength(bytes), 'the door has read it');
  stop();
  const [end] = ends;
  if (end === undefined) throw new Error('nobody came');
  return { socket, end };
}

/** That somebody else is answered, and what the value is by then. */
async function valueSeenByOthers(door: OpenDoor): Promise<unknown> {
  const other = await openStream(door, 'b');
  other.socket.write(line(1, 'value.get', { name: 'n' }));
  const [answer] = await other.until(1);
  other.socket.destroy();
  return answer?.result;
}

const add = '{"name":"n","by":5}';
const key = (door: OpenDoor): string => `Authorization: Bearer ${door.keys.keyOf('a')}\r\n`;
const head = 'Host: m\r\nConnection: close\r\n';
const post = `POST /v1/value/add HTTP/1.1\r\n${head}`;
const length = `Content-Length: ${String(add.length)}\r\n`;

/** What half of it was sent, that half, and the other. */
const halves: readonly (readonly [what: string, half: (door: OpenDoor) => string, rest: (door: OpenDoor) => string])[] = [
  ['half a line', (): string => 'POST /v1/val', (door): string => `ue/add HTTP/1.1\r\n${head}${key(door)}${length}\r\n${add}`],
  ['half a head', (door): string => `${post}${key(door)}Content-Len`, (): string => `gth: ${String(add.length)}\r\n\r\n${add}`],
  ['a head without its body', (door): string => `${post}${key(door)}${length}\r\n`, (): string => add],
  ['half a body', (door): string => `${post}${key(door)}${length}\r\n${add.slice(0, -4)}`, (): string => add.slice(-4)],
  ['half a chunk', (door): string => `${post}${key(door)}Transfer-Encoding: chunked\r\n\r\n13\r\n${add.slice(0, 9)}`, (): string => `${add.slice(9)}\r\n0\r\n\r\n`],
  [
    'half an upgrade',
    (door): string => `GET /v1/stream HTTP/1.1\r\nHost: m\r\nConnection: Upgrade\r\nUpgrade: mpctl\r\n${key(door)}`,
    (): string => `Mpctl-Pid: 7\r\n\r\n${line(1, 'value.add', { name: 'n', by: 5 })}`,
  ],
];

describe.each(halves)('whoever sends %s over HTTP', (_what, half, rest) => {
  test.each(['goes away', 'ends its side'])('and %s leaves nothing, and has asked nothing', async (how) => {
    const door = openDoor(spec);
    const { socket, end } = await sendTo(door, half(door));
    if (how === 'goes away') socket.destroy();
    else socket.end();
    await until(() => end.destroyed, 'the door has closed its end');
    expect(await valueSeenByOthers(door)).toBe(0);
    expect(door.snapshot().waiting).toEqual([]);
    expect(door.leftovers()).toEqual({ unanswered: 0, calledOffLate: 0, keptByDesk: 0 });
  });

  test('and stays keeps nobody from going on, and may send the rest later', async () => {
    const door = openDoor(spec);
    const { socket, end } = await sendTo(door, half(door));
    expect(await valueSeenByOthers(door)).toBe(0);
    expect(end.destroyed).toBe(false);
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.write(rest(door));
    await until(() => answer.includes('"result":5'), 'it is answered');
    expect(await valueSeenByOthers(door)).toBe(5);
  });
});

test('five hundred that have sent half of something keep nobody from going on', async () => {
  const door = openDoor(spec);
  const sockets = Array.from({ length: 500 }, (_, index) => {
    const socket = connect(door.path).on('error', () => {});
    onTestFinished(() => {
      socket.destroy();
    });
    socket.write(halves[index % halves.length]?.[1](door) ?? '');
    return socket;
  });
  expect(await valueSeenByOthers(door)).toBe(0);
  for (const socket of sockets) socket.destroy();
  expect(await valueSeenByOthers(door)).toBe(0);
});

describe('whoever sends half a frame', () => {
  test('and stays keeps nobody from going on, and may send the rest later', async () => {
    const door = openDoor(spec);
    const client = await openPiecewise(door, 'a');
    const bytes = line(1, 'value.add', { name: 'n', by: 5 });
    await client.writeAlone(Buffer.from(bytes.slice(0, -1)));
    expect(await valueSeenByOthers(door)).toBe(0);
    await client.writeAlone(Buffer.from('\n'));
    expect(await client.until(1)).toMatchObject([{ id: 1, result: 5 }]);
  });

  test.each(['goes away', 'ends its side'])('and %s has not asked it, and leaves nothing that it had', async (how) => {
    const door = openDoor(spec);
    const client = await openPiecewise(door, 'a');
    await client.writeAlone(Buffer.from(`${line(1, 'lock.acquire', { holds: 'l' })}${line(2, 'queue.get', { name: 'q' })}${line(3, 'value.add', { name: 'n', by: 5 }).slice(0, -1)}`));
    await client.until(1);
    expect(door.snapshot().waiting).toHaveLength(1);
    if (how === 'goes away') client.socket.destroy();
    else client.socket.end();
    await until(() => client.end.destroyed, 'the door has closed its end');
    expect(await valueSeenByOthers(door)).toBe(0);
    expect(door.snapshot().waiting).toEqual([]);
    expect(door.snapshot().primitives.find(({ name }) => name === 'l')).toMatchObject({ holdings: [], ownerDied: true });
    expect(door.clientsOf('a')).toEqual({ waiters: [], clients: [], loops: [], listeners: [] });
    expect(door.leftovers()).toEqual({ unanswered: 0, calledOffLate: 0, keptByDesk: 0 });
  });
});
