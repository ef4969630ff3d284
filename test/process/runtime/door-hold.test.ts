import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { PrimitiveSnapshot } from '../../../src/sync/snapshot.ts';
import { line, openDoor, openStream, type OpenDoor } from './door-harness.ts';
import { afterTest, until } from './worker-harness.ts';

/* Connections over HTTP that hold by themselves what is acquired over them. */

const spec = `
locks: { l: , r: { reentrant: true } }
semaphores: { s: { permits: 3 }, more: { permits: 2, bounded: false } }
processes:
  a: { command: sleep 1000 }
  b: { command: sleep 1000 }
`;

interface HttpClient {
  readonly socket: Socket;
  /** Asks, and gives the body of the answer. */
  ask(call: string, body: string): Promise<string>;
}

function requestOf(door: OpenDoor, call: string, body: string): string {
  const fields = ['Host: m', `Authorization: Bearer ${door.keys.keyOf('a')}`, 'Mpctl-Hold: connection', `Content-Length: ${String(Buffer.byteLength(body))}`];
  return `POST /v1/${call} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n${body}`;
}

/** The bodies of the answers that a text has. */
function bodiesIn(text: string): readonly string[] {
  return text.match(/^\{"(?:result|error)".*$/gmu) ?? [];
}

/** Who sends requests in two pieces is answered by the HTTP server. */
function open(door: OpenDoor, pieces: 'one' | 'two'): HttpClient {
  const socket = connect(door.path).on('error', () => {});
  afterTest(() => {
    socket.destroy();
  });
  let text = '';
  let asked = 0;
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const ask = async (call: string, body: string): Promise<string> => {
    const request = requestOf(door, call, body);
    asked += 1;
    if (pieces === 'two' && asked === 1) {
      socket.write(request.slice(0, 20));
      const other = await openStream(door, 'b', 9);
      // The door has read the first piece by the time that whoever comes later is answered.
      other.socket.write(line(1, 'lock.look', { name: 'l' }));
      await other.until(1);
      socket.write(request.slice(20));
    } else {
      socket.write(request);
    }
    await until(() => bodiesIn(text).length === asked, 'its answer');
    return bodiesIn(text)[asked - 1] ?? '';
  };
  return { socket, ask };
}

function stateOf(door: OpenDoor, name: string): PrimitiveSnapshot | undefined {
  return door.snapshot().primitives.find((primitive) => primitive.name === name);
}

describe.each(['one', 'two'] as const)('a connection that holds, with requests in %s', (pieces) => {
  test('is one holder, whose end is told once however often it has asked', async () => {
    const door = openDoor(spec);
    const client = open(door, pieces);
    for (let round = 1; round <= 50; round += 1) {
      expect(await client.ask('lock/acquire', '{"holds":"l"}')).toContain(`"l":${String(round)}`);
      await client.ask('lock/release', '{"holds":"l"}');
      await client.ask('semaphore/acquire', '{"holds":"s"}');
      await client.ask('semaphore/release', '{"holds":"s"}');
    }
    client.socket.destroy();
    await until(() => door.gone() > 0, 'its end is told');
    expect(door.gone()).toBe(1);
    expect(stateOf(door, 's')).toMatchObject({ free: 3, ownerDied: false });
    expect(door.leftovers()).toEqual({ unanswered: 0, calledOffLate: 0, keptByDesk: 0 });
  });

  test('gives back what it has when it is closed, and not what it has given back before', async () => {
    const door = openDoor(spec);
    const client = open(door, pieces);
    await client.ask('lock/acquire', '{"holds":"l"}');
    await client.ask('semaphore/acquire', '{"holds":{"name":"s","permits":2}}');
    await client.ask('semaphore/acquire', '{"holds":["more"]}');
    await client.ask('semaphore/release', '{"holds":"more"}');
    await client.ask('semaphore/release', '{"holds":"s"}');
    expect(stateOf(door, 's')).toMatchObject({ free: 2 });
    client.socket.destroy();
    await until(() => door.gone() > 0, 'its end is told');
    // Who had the lock may have left something half done; permits are only given back.
    expect(stateOf(door, 'l')).toMatchObject({ holdings: [], ownerDied: true });
    expect(stateOf(door, 's')).toMatchObject({ free: 3, holdings: [], ownerDied: false });
    expect(stateOf(door, 'more')).toMatchObject({ free: 2, holdings: [], ownerDied: false });
  });

  test('gives back its own permits, and none that the instance or another connection has', async () => {
    const door = openDoor(spec);
    const [one, other] = [open(door, pieces), open(door, pieces)];
    for (const client of [one, other]) await client.ask('semaphore/acquire', '{"holds":"s"}');
    await one.ask('semaphore/release', '{"holds":"s"}');
    one.socket.destroy();
    await until(() => door.gone() === 1, 'the end of one is told');
    expect(stateOf(door, 's')).toMatchObject({ free: 2, holdings: [{ permits: 1 }] });
    other.socket.destroy();
    await until(() => door.gone() === 2, 'the end of the other is told');
    expect(stateOf(door, 's')).toMatchObject({ free: 3, holdings: [] });
  });

  test('gives back nothing twice, where it is closed before its last release was handled', async () => {
    const door = openDoor(spec);
    const [one, other] = [open(door, pieces), open(door, pieces)];
    await one.ask('semaphore/acquire', '{"holds":{"name":"s","permits":2}}');
    await other.ask('semaphore/acquire', '{"holds":"s"}');
    await door.whileBusy(async () => {
      one.socket.write(requestOf(door, 'semaphore/release', '{"holds":"s"}'), () => one.socket.destroy());
      await until(() => door.gone() === 1, 'the end of one is told');
    });
    expect(stateOf(door, 's')).toMatchObject({ free: 2, holdings: [{ permits: 1 }] });
  });

  test('is told that it would wait for itself, where another one of the instance waits', async () => {
    const door = openDoor(spec);
    const [one, other] = [open(door, pieces), open(door, pieces)];
    await one.ask('lock/acquire', '{"holds":"l"}');
    expect(await one.ask('lock/acquire', '{"holds":"l"}')).toContain('"kind":"deadlock"');
    const waiting = other.ask('lock/acquire', '{"holds":"l"}');
    await until(() => door.snapshot().waiting.length === 1, 'the other waits');
    await one.ask('lock/release', '{"holds":"l"}');
    expect(await waiting).toContain('"owner_died":[]');
  });

  test('is granted nothing any more of what it waits for when it is closed', async () => {
    const door = openDoor(spec);
    const client = open(door, pieces);
    await client.ask('semaphore/acquire', '{"holds":{"name":"s","permits":3}}');
    client.socket.write(requestOf(door, 'semaphore/acquire', '{"holds":"s"}'));
    await until(() => door.snapshot().waiting.length === 1, 'it waits');
    client.socket.destroy();
    await until(() => door.gone() === 1, 'its end is told');
    expect(stateOf(door, 's')).toMatchObject({ free: 3, nextToken: 2, ownerDied: false });
    expect(door.leftovers()).toEqual({ unanswered: 0, calledOffLate: 0, keptByDesk: 0 });
  });

  test('leaves a reentrant lock to the instance', async () => {
    const door = openDoor(spec);
    const client = open(door, pieces);
    await client.ask('lock/acquire', '{"holds":"r"}');
    client.socket.destroy();
    await until(() => door.gone() === 1, 'its end is told');
    expect(stateOf(door, 'r')).toMatchObject({ holdings: [{ owner: { instance: 'a', holder: 'instance' }, permits: 1 }] });
  });
});
