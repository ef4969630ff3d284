import { expect, test } from 'vitest';
import { line, openDoor, openStream, rawExchange } from './door-harness.ts';
import { until } from './worker-harness.ts';

const spec = `
locks: { l: }
values: { n: 7 }
processes:
  a: { command: sleep 1000, uses: { b: start } }
  b: { command: sleep 1000 }
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

test('a program of an instance that has ended has lost what it held, and is told so, whatever it asks', async () => {
  const door = openDoor(spec);
  const [a, b] = [await openStream(door, 'a'), await openStream(door, 'b', 2)];
  b.socket.write(line(1, 'lock.acquire', { holds: 'l' }));
  await b.until(1);
  a.socket.write(line(1, 'lock.acquire', { holds: 'l' }));
  await until(() => door.snapshot().waiting.length === 1, 'the other waits');
  a.socket.write(line(2, 'process.kill', { name: 'b' }));
  expect(await a.until(2)).toEqual(expect.arrayContaining([expect.objectContaining({ id: 1, result: { tokens: { l: 2 }, owner_died: ['l'], waited: true } })]));
  b.socket.write(line(2, 'lock.release', { holds: 'l' }) + line(3, 'value.get', { name: 'n' }));
  const kinds = (await b.until(3)).slice(1).map(({ id, error }) => [id, error?.data.kind]);
  expect(kinds).toEqual([[2, 'ended'], [3, 'ended']]);
  const body = '{"name":"n"}';
  const head = `POST /v1/value/get HTTP/1.1\r\nHost: m\r\nConnection: close\r\nContent-Length: ${String(body.length)}\r\nAuthorization: Bearer ${door.keys.keyOf('b')}\r\n\r\n`;
  expect(await rawExchange(door.path, head + body)).toMatch(/^HTTP\/1\.1 409 [\s\S]*"kind":"ended"/u);
});
