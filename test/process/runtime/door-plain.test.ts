import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { noteEnds } from './door-ends.ts';
import { openDoor, openStream, line, type OpenDoor } from './door-harness.ts';
import { afterTest, until } from './worker-harness.ts';

/* Requests that are answered without an HTTP server: as that would answer them. */

const spec = `
locks: { l: }
values: { n: 7 }
processes:
  a: { command: sleep 1000 }
  b: { command: sleep 1000 }
`;

interface HttpClient {
  readonly socket: Socket;
  /** All that has come. */
  text(): string;
}

function open(door: OpenDoor): HttpClient {
  const socket = connect(door.path).on('error', () => {});
  afterTest(() => {
    socket.destroy();
  });
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return { socket, text: () => text };
}

/** A client, and the door's end of its connection. */
async function openWatched(door: OpenDoor): Promise<{ readonly client: HttpClient; readonly end: Socket }> {
  const { ends, stop } = noteEnds();
  const client = open(door);
  await until(() => ends.length > 0, 'the door has accepted it');
  stop();
  const [end] = ends;
  if (end === undefined) throw new Error('nobody came');
  return { client, end };
}

function request(door: OpenDoor, call: string, body: string, { instance = 'a', head = '' } = {}): string {
  const fields = `Host: mpctl\r\nAuthorization: Bearer ${door.keys.keyOf(instance)}\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n${head}`;
  return `POST /v1/${call} HTTP/1.1\r\n${fields}\r\n${body}`;
}

interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** The answers that a text has in full. */
function answersIn(text: string): readonly Answer[] {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return [];
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Map(lines.map((one) => [one.slice(0, one.indexOf(':')).toLowerCase(), one.slice(one.indexOf(':') + 1).trim()]));
  const rest = Buffer.from(text.slice(end + 4));
  const length = Number(headers.get('content-length'));
  if (rest.length < length) return [];
  const status = Number(/^HTTP\/1\.1 (?<status>\d+) /u.exec(first)?.groups?.['status']);
  return [{ status, headers, body: rest.toString('utf8', 0, length) }, ...answersIn(rest.toString('utf8', length))];
}

async function answersTo(client: HttpClient, count: number): Promise<readonly Answer[]> {
  await until(() => answersIn(client.text()).length >= count, `${String(count)} answers`);
  return answersIn(client.text());
}

/** Node's server says how long it keeps a connection; what is answered without it says nothing of it. */
const isPlain = ({ headers }: Answer): boolean => !headers.has('keep-alive');

test.each<readonly [what: string, text: (door: OpenDoor) => string, status: number]>([
  ['a call', (door) => request(door, 'value/get', '{"name":"n"}'), 200],
  ['a body beyond ASCII', (door) => request(door, 'value/get', '{"name":"né😀"}'), 404],
  ['a call that is refused', (door) => request(door, 'lock/release', '{"holds":"l"}'), 409],
  ['a body that is no JSON', (door) => request(door, 'value/get', '{'), 400],
  ['a method that is unknown', (door) => request(door, 'value/gut', '{}'), 404],
  ['another path', (door) => request(door, 'value', '{}'), 404],
  ['no key', () => 'POST /v1/value/get HTTP/1.1\r\nHost: mpctl\r\nContent-Length: 2\r\n\r\n{}', 401],
  ['a wrong key', () => 'POST /v1/value/get HTTP/1.1\r\nHost: mpctl\r\nAuthorization: Bearer a.0\r\n\r\n', 401],
  ['a stream without its upgrade', (door) => request(door, 'value/get', '').replace('POST /v1/value/get', 'GET /v1/stream'), 400],
  ['GET for POST', (door) => request(door, 'value/get', '').replace('POST', 'GET'), 405],
])('%s is answered in one piece as in two', async (_, text, status) => {
  const door = openDoor(spec);
  const [whole, torn] = [open(door), open(door)];
  whole.socket.write(text(door));
  const [plain] = await answersTo(whole, 1);
  torn.socket.write(text(door).slice(0, 20));
  // Whoever comes later is answered, so that what came before has been read.
  const other = open(door);
  other.socket.write(request(door, 'value/get', '{"name":"n"}'));
  await answersTo(other, 1);
  torn.socket.write(text(door).slice(20));
  const [served] = await answersTo(torn, 1);
  expect(plain === undefined || served === undefined ? null : [isPlain(plain), isPlain(served)]).toEqual([true, false]);
  const told = (answer: Answer | undefined): unknown => [answer?.status, answer?.body, answer?.headers.get('content-type'), answer?.headers.get('allow'), answer?.headers.has('date')];
  expect(told(plain)).toEqual(told(served));
  expect(plain?.status).toBe(status);
});

test('a connection serves again, and those that send two requests at once get both answers in order', async () => {
  const door = openDoor(spec);
  const client = open(door);
  const get = request(door, 'value/get', '{"name":"n"}');
  client.socket.write(get);
  expect((await answersTo(client, 1)).map(({ body }) => body)).toEqual(['{"result":7}\n']);
  client.socket.write(request(door, 'value/add', '{"name":"n","by":1}'));
  await answersTo(client, 2);
  client.socket.write(request(door, 'value/add', '{"name":"n","by":1}') + get);
  client.socket.write(get);
  const answers = await answersTo(client, 5);
  expect(answers.map(({ body }) => body)).toEqual([7, 8, 9, 9, 9].map((value) => `{"result":${String(value)}}\n`));
  expect(answers.map(isPlain)).toEqual([true, true, false, false, false]);
});

test('what is asked before an answer is answered after it', async () => {
  const door = openDoor(spec);
  const holder = await openStream(door, 'b', 2);
  holder.socket.write(line(1, 'lock.acquire', { holds: 'l' }));
  await holder.until(1);
  const client = open(door);
  client.socket.write(request(door, 'lock/acquire', '{"holds":"l"}'));
  await until(() => door.snapshot().waiting.length === 1, 'it waits');
  client.socket.write(request(door, 'value/get', '{"name":"n"}').slice(0, 30));
  const later = open(door);
  later.socket.write(request(door, 'value/get', '{"name":"n"}'));
  await answersTo(later, 1);
  client.socket.write(request(door, 'value/get', '{"name":"n"}').slice(30));
  expect(client.text()).toBe('');
  holder.socket.write(line(2, 'lock.release', { holds: 'l' }));
  const answers = await answersTo(client, 2);
  expect(answers.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ result: { tokens: { l: 2 }, owner_died: [] } }, { result: 7 }]);
});

test('whoever goes away waits no more, also with something that he asks next', async () => {
  const door = openDoor(spec);
  const holder = await openStream(door, 'b', 2);
  holder.socket.write(line(1, 'lock.acquire', { holds: 'l' }));
  await holder.until(1);
  const [one, two] = [open(door), open(door)];
  for (const { socket } of [one, two]) socket.write(request(door, 'lock/acquire', '{"holds":"l"}', { head: 'Mpctl-Pid: 77\r\n' }));
  await until(() => door.snapshot().waiting.length === 2, 'both wait');
  expect(door.clientsOf('a').waiters.map(({ pid }) => pid)).toEqual([77, 77]);
  one.socket.destroy();
  await until(() => door.snapshot().waiting.length === 1, 'one has gone');
  two.socket.end(request(door, 'value/get', '{"name":"n"}'));
  await until(() => door.snapshot().waiting.length === 0, 'the other has gone');
  expect(door.clientsOf('a').waiters).toEqual([]);
  expect(door.leftovers()).toEqual({ unanswered: 0, calledOffLate: 0, keptByDesk: 0 });
});

test('who asks on and on while he waits is read no further than a frame may be long', async () => {
  const maxFrameBytes = 100_000;
  const door = openDoor(spec, () => {}, maxFrameBytes);
  const holder = await openStream(door, 'b', 2);
  holder.socket.write(line(1, 'lock.acquire', { holds: 'l' }));
  await holder.until(1);
  const { client, end } = await openWatched(door);
  client.socket.write(request(door, 'lock/acquire', '{"holds":"l"}'));
  await until(() => door.snapshot().waiting.length === 1, 'it waits');
  const get = request(door, 'value/get', '{"name":"n"}');
  client.socket.write(get.repeat(10_000));
  await until(() => end.isPaused(), 'the door reads no more');
  expect(end.bytesRead).toBeLessThan(2 * maxFrameBytes);
  holder.socket.write(line(2, 'lock.release', { holds: 'l' }));
  await until(() => client.text().endsWith('{"result":7}\n') && client.text().split('{"result":7}').length > 10_000, 'everything is answered');
});

test('who reads no answers is read no further', async () => {
  const door = openDoor(spec);
  const { client, end } = await openWatched(door);
  client.socket.pause();
  const get = request(door, 'value/get', '{"name":"n"}');
  // One by one, as each is answered at once.
  for (let sent = 0; sent < 100_000 && !end.isPaused(); sent += 1) {
    client.socket.write(get);
    await turn();
  }
  expect(end.isPaused()).toBe(true);
  expect(end.writableLength).toBeLessThan(1_000_000);
});
