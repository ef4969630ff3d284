import { closeSync, openSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { line, openDoor, openStream, rawExchange } from './door-harness.ts';
import { until } from './worker-harness.ts';

const spec = `
locks: { l: }
events: { e: }
queues: { q: }
pipes: { p: { between: [a, b] } }
values: { n: 7 }
processes:
  a: { command: sleep 1000, uses: { b: start, e: set, q: get } }
  b: { command: sleep 1000, uses: { q: put } }
`;

test.each<readonly [string, string | Uint8Array, RegExp]>([
  ['zeros', new Uint8Array(2000), /^HTTP\/1\.1 400 /u],
  ['the greeting of TLS', new Uint8Array([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), /^HTTP\/1\.1 400 /u],
  ['frames without an upgrade', line(1, 'value.get', { name: 'n' }), /^HTTP\/1\.1 400 /u],
  ['another version of HTTP', 'GET / HTTP/9.9\r\n\r\n', /^HTTP\/1\.1 400 /u],
  ['the beginning of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^HTTP\/1\.1 400 /u],
  ['a head without an end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(1_000_000)}`, /^HTTP\/1\.1 431 /u],
  ['a length that is none', 'POST /v1/value/get HTTP/1.1\r\nHost: m\r\nContent-Length: many\r\n\r\n', /^HTTP\/1\.1 400 /u],
  ['two lengths', 'POST /v1/value/get HTTP/1.1\r\nHost: m\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}', /^HTTP\/1\.1 400 /u],
])('whoever sends %s is refused and sent away, and keeps nobody from going on', async (_, bytes, refusal) => {
  const door = openDoor(spec);
  expect(await rawExchange(door.path, bytes, 'open')).toMatch(refusal);
  const other = await openStream(door, 'a');
  other.socket.write(line(1, 'value.get', { name: 'n' }));
  expect((await other.until(1))[0]?.result).toBe(7);
});

const getN = '{"name":"n"}';

function headWith(key: string, path = '/v1/value/get'): string {
  return `POST ${path} HTTP/1.1\r\nHost: m\r\nConnection: close\r\nContent-Length: ${String(getN.length)}\r\nAuthorization: Bearer ${key}\r\n\r\n`;
}

/** The first batch of one item, as a client writes it. */
function putIntoSpool(path: string, item: string): void {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(item.length, 0);
  header.writeUInt32LE(1, 4);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.concat([header, Buffer.from(item)]), 0);
  closeSync(file);
}

test('a program of an instance that has ended has lost what it held, and is told so, whatever it asks', async () => {
  const door = openDoor(spec);
  const [a, b] = [await openStream(door, 'a'), await openStream(door, 'b', 2)];
  const key = door.keys.keyOf('b');
  b.socket.write(line(1, 'lock.acquire', { holds: 'l' }));
  await b.until(1);
  a.socket.write(line(1, 'lock.acquire', { holds: 'l' }));
  await until(() => door.snapshot().waiting.length === 1, 'the other waits');
  a.socket.write(line(2, 'process.kill', { name: 'b' }));
  expect(await a.until(2)).toEqual(expect.arrayContaining([expect.objectContaining({ id: 1, result: { tokens: { l: 2 }, owner_died: ['l'], waited: true } })]));
  b.socket.write(line(2, 'lock.release', { holds: 'l' }) + line(3, 'value.get', { name: 'n' }));
  const kinds = (await b.until(3)).slice(1).map(({ id, error }) => [id, error?.data.kind]);
  expect(kinds).toEqual([[2, 'ended'], [3, 'ended']]);
  expect(await rawExchange(door.path, headWith(key) + getN)).toMatch(/^HTTP\/1\.1 409 [\s\S]*"kind":"ended"/u);
  expect(door.refusals.map((refusal) => /refused: (?<why>.*)/u.exec(refusal)?.groups?.['why'])).toEqual(['its key is of an attempt of `b` that has ended']);
  expect(await rawExchange(door.path, `${headWith(key, '/v1/lock/release')}${getN}`)).toMatch(/^HTTP\/1\.1 409 [\s\S]*"kind":"ended"/u);
  expect(door.refusals).toHaveLength(1);
});

test('what an attempt leaves behind neither acts for the next one nor takes anything from it', async () => {
  const door = openDoor(spec);
  const [a, stale, collecting] = [await openStream(door, 'a'), await openStream(door, 'b'), await openStream(door, 'b', 2)];
  const key = door.keys.keyOf('b');
  stale.socket.write(line(1, 'lock.acquire', { holds: 'l' }));
  await stale.until(1);
  collecting.socket.write(line(1, 'queue.spool', { name: 'q' }));
  const [opened] = await collecting.until(1);
  putIntoSpool(String((opened?.result as { readonly path: unknown } | undefined)?.path), '"put in time"');
  a.socket.write(line(1, 'process.restart', { name: 'b' }));
  await a.until(1);
  await until(() => door.spawnsOf('b') === 2, 'the next attempt');
  // By chance it has the same process id, as in another PID namespace.
  const next = await openStream(door, 'b');
  next.socket.write(line(1, 'lock.acquire', { holds: 'l' }) + line(2, 'event.wait', { name: 'e' }));
  expect((await next.until(1))[0]).toMatchObject({ result: { tokens: { l: 2 } } });
  const asked: readonly (readonly [string, object])[] = [
    ['lock.release', { holds: 'l' }],
    ['value.get', { name: 'n' }],
    ['queue.spool', { name: 'q' }],
    ['pipe.watch', { name: 'p' }],
    ['lock.delegate', { name: 'l' }],
    ['lock.handoff', { name: 'l' }],
    ['lock.leave', { name: 'l' }],
    ['queue.tally', { name: 'q' }],
    ['process.list', {}],
  ];
  stale.socket.write(asked.map(([method, params], index) => line(index + 2, method, params)).join(''));
  expect((await stale.until(asked.length + 1)).slice(1).map(({ id, error }) => [id, error?.data.kind])).toEqual(asked.map((_, index) => [index + 2, 'ended']));
  expect(await rawExchange(door.path, headWith(key) + getN)).toMatch(/^HTTP\/1\.1 401 /u);
  expect(door.clientsOf('b').clients).toEqual([1]);
  stale.socket.end();
  await stale.closed;
  // Its end takes nothing from the other.
  a.socket.write(line(2, 'event.set', { name: 'e' }) + line(3, 'queue.get', { name: 'q' }));
  expect((await a.until(3))[2]).toMatchObject({ id: 3, result: { items: ['put in time'] } });
  expect((await next.until(2))[1]).toMatchObject({ id: 2, result: true });
  next.socket.write(line(3, 'lock.release', { holds: 'l' }));
  expect((await next.until(3))[2]).toEqual({ jsonrpc: '2.0', id: 3, result: null });
});
