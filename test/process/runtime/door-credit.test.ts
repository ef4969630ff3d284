import { openSync, readSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { line, openDoor, openStream, rawExchange, type OpenDoor, type RawClient } from './door-harness.ts';
import { until } from './worker-harness.ts';

const spec = `
queues: { q: { capacity: 10 } }
events: { over: }
locks: { file: }
processes:
  a: { command: sleep 1000, uses: { q: put, over: set } }
  b: { command: sleep 1000, uses: { q: [put, get] } }
`;

const itemsPlace = 40;
const places = { calledOff: 8, wanted: 16, limit: 24 } as const;

/** What a client does that puts on credit. */
class Producer {
  readonly #client: RawClient;
  readonly #file: number;
  #text = '';

  constructor(client: RawClient, path: string) {
    this.#client = client;
    this.#file = openSync(path, 'r+');
  }

  /** The answer to a put that names the last grant. */
  async put(item: number, grant: number): Promise<unknown> {
    this.#text = '';
    return answerTo(this.#client, 'queue.put', { name: 'q', item, grant, timeout_ms: 0 });
  }

  async ask(method: string, params: unknown): Promise<unknown> {
    return answerTo(this.#client, method, params);
  }

  putOnCredit(item: number, grant: number): void {
    this.putTextOnCredit(String(item), grant);
  }

  putTextOnCredit(text: string, grant: number): void {
    this.#text += `,${text}`;
    writeSync(this.#file, this.#text, itemsPlace, 'latin1');
    writeSync(this.#file, Uint32Array.of(this.#text.length, grant), 0, 8, 0);
  }

  tell(): void {
    this.#client.socket.write(line(null, 'queue.spooled', { name: 'q' }));
  }

  /** The grant, and what is said of it. */
  read(what: keyof typeof places): readonly number[] {
    const bytes = Buffer.alloc(8);
    readSync(this.#file, bytes, 0, 8, places[what]);
    return [bytes.readUInt32LE(4), bytes.readUInt32LE(0)];
  }

  async end(): Promise<void> {
    this.#client.socket.destroy();
    await this.#client.closed;
  }
}

async function openProducer(door: OpenDoor): Promise<Producer> {
  const client = await openStream(door, 'a');
  return new Producer(client, String(fieldOf(await answerTo(client, 'queue.spool', { name: 'q' }), 'path')));
}

/** The result, or the kind of the refusal. */
async function answerTo(client: RawClient, method: string, params: unknown): Promise<unknown> {
  const count = client.frames.length + 1;
  client.socket.write(line(count, method, params));
  const frame = (await client.until(count)).find(({ id }) => id === count);
  return frame?.result ?? frame?.error?.data.kind;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

async function http(door: OpenDoor, path: string, body: string): Promise<string> {
  const head = [`POST ${path} HTTP/1.1`, 'Host: mpctl', 'Connection: close', `Content-Length: ${Buffer.byteLength(body)}`, `Authorization: Bearer ${door.keys.keyOf('b')}`];
  const answer = await rawExchange(door.path, `${head.join('\r\n')}\r\n\r\n${body}`);
  return answer.slice(answer.indexOf('\r\n\r\n') + 4).trim();
}

const look = async (door: OpenDoor): Promise<unknown> => fieldOf(fieldOf(JSON.parse(await http(door, '/v1/queue/look', '{"name":"q"}')), 'result'), 'size');
const get = (door: OpenDoor, max: number): Promise<string> => http(door, '/v1/queue/get', `{"name":"q","max":${String(max)},"timeout_ms":0}`);
const put = (door: OpenDoor, item: number): Promise<string> => http(door, '/v1/queue/put', `{"name":"q","item":${String(item)},"timeout_ms":0}`);

test('all of the free room is granted to the only one that asks, and what it puts there is seen at once', async () => {
  const door = openDoor(spec);
  const producer = await openProducer(door);
  expect(await producer.put(0, 0)).toEqual({ put: 1, credit: 9, grant: 1 });
  for (const item of [1, 2, 3]) producer.putOnCredit(item, 1);
  expect(await look(door)).toBe(4);
  expect(await get(door, 9)).toBe('{"result":{"items":[0,1,2,3]}}');
});

test('a put over HTTP calls the grant off that is in its way: what was put first is there first, what comes after it is not', async () => {
  const door = openDoor(spec);
  const producer = await openProducer(door);
  await producer.put(0, 0);
  for (const item of [1, 2]) producer.putOnCredit(item, 1);
  expect(producer.read('calledOff')).toEqual([0, 0]);
  expect(await put(door, 10)).toBe('{"result":{"put":1}}');
  expect(producer.read('calledOff')).toEqual([1, ',1,2'.length]);
  producer.putOnCredit(3, 1);
  expect(await look(door)).toBe(4);
  // It finds out, and asks.
  expect(await producer.put(3, 1)).toEqual({ put: 1, credit: 5, grant: 2 });
  expect(await get(door, 9)).toBe('{"result":{"items":[0,1,2,10,3]}}');
});

test('what is granted and what is there is never more than there is room', async () => {
  const door = openDoor(spec);
  const [one, other] = [await openProducer(door), await openProducer(door)];
  expect(await one.put(0, 0)).toEqual({ put: 1, credit: 9, grant: 1 });
  // The first one's was in the way; two share what there is.
  expect(await other.put(1, 0)).toEqual({ put: 1, credit: 4, grant: 1 });
  expect(one.read('calledOff')).toEqual([1, 0]);
  expect(await one.put(2, 1)).toEqual({ put: 1, credit: 2, grant: 2 });
  for (const item of [3, 4, 5, 6]) other.putOnCredit(item, 1);
  for (let item = 7; item < 10; item += 1) expect(await put(door, item)).toBe('{"result":{"put":1}}');
  expect(await put(door, 10)).toContain('"kind":"full"');
  expect(await one.put(10, 2)).toBe('full');
  expect(await look(door)).toBe(10);
});

test('more room is said in the file, once half of the credit is used up', async () => {
  const door = openDoor(spec);
  const producer = await openProducer(door);
  await producer.put(0, 0);
  for (const item of [1, 2, 3, 4, 5]) producer.putOnCredit(item, 1);
  expect(await get(door, 6)).toBe('{"result":{"items":[0,1,2,3,4,5]}}');
  expect(producer.read('limit')).toEqual([1, 15]);
});

test('whoever waits for an item is told of it, as the file asks for it', async () => {
  const door = openDoor(spec);
  const producer = await openProducer(door);
  await producer.put(0, 0);
  await get(door, 1);
  const consumer = await openStream(door, 'b');
  consumer.socket.write(line(1, 'queue.get', { name: 'q' }));
  await until(() => door.snapshot().waiting.length === 1, 'it waits');
  expect(producer.read('wanted')).toEqual([1, 1]);
  producer.putOnCredit(1, 1);
  producer.tell();
  expect(await consumer.until(1)).toEqual([{ jsonrpc: '2.0', id: 1, result: { items: [1] } }]);
});

test('what was put is there after the client has gone, and its room is free', async () => {
  const door = openDoor(spec);
  const producer = await openProducer(door);
  await producer.put(0, 0);
  for (const item of [1, 2]) producer.putOnCredit(item, 1);
  await producer.end();
  for (let item = 3; item < 10; item += 1) expect(await put(door, item)).toBe('{"result":{"put":1}}');
  expect(await put(door, 10)).toContain('"kind":"full"');
  expect(await get(door, 20)).toBe('{"result":{"items":[0,1,2,3,4,5,6,7,8,9]}}');
});

test('a client that puts more than it was granted has put as much as it was granted', async () => {
  const door = openDoor(spec);
  const producer = await openProducer(door);
  await producer.put(0, 0);
  for (let item = 1; item <= 12; item += 1) producer.putOnCredit(item, 1);
  expect(await look(door)).toBe(10);
  expect(await put(door, 20)).toContain('"kind":"full"');
});

test('what is taken of a loan is room at once, and no more than half of the queue is lent', async () => {
  const door = openDoor(spec);
  for (let item = 0; item < 10; item += 1) await put(door, item);
  const consumer = await openStream(door, 'b');
  const tally = await answerTo(consumer, 'queue.tally', { name: 'q' });
  expect(fieldOf(tally, 'capacity')).toBe(10);
  expect(await answerTo(consumer, 'queue.get', { name: 'q', max: 9, taken: 0 })).toEqual({ items: [0, 1, 2, 3, 4, 5] });
  expect(await put(door, 10)).toBe('{"result":{"put":1}}');
  expect(await put(door, 11)).toContain('"kind":"full"');
  const file = openSync(String(fieldOf(tally, 'path')), 'r+');
  writeSync(file, Uint32Array.of(2, 0), 0, 8, 0);
  for (const item of [11, 12]) expect(await put(door, item)).toBe('{"result":{"put":1}}');
  expect(await put(door, 13)).toContain('"kind":"full"');
  expect(await look(door)).toBe(10);
});

test('a reader is told when somebody waits for the room of what it takes', async () => {
  const door = openDoor(spec);
  for (let item = 0; item < 10; item += 1) await put(door, item);
  const consumer = await openStream(door, 'b');
  const file = openSync(String(fieldOf(await answerTo(consumer, 'queue.tally', { name: 'q' }), 'path')), 'r+');
  await answerTo(consumer, 'queue.get', { name: 'q', max: 9, taken: 0 });
  await put(door, 10);
  const producer = await openStream(door, 'a');
  producer.socket.write(line(1, 'queue.put', { name: 'q', item: 11 }));
  await until(() => door.snapshot().waiting.length === 1, 'it waits');
  const words = new Uint32Array(4);
  readSync(file, words, 0, 16, 0);
  expect([...words]).toEqual([0, 0, 1, 0]);
  writeSync(file, Uint32Array.of(1, 0), 0, 8, 0);
  consumer.socket.write(line(null, 'queue.give_back', { name: 'q', taken: 1, last: 0 }));
  expect(await producer.until(1)).toEqual([{ jsonrpc: '2.0', id: 1, result: { put: 1 } }]);
});

test('what others put later comes behind it, also where there is room besides', async () => {
  const door = openDoor(spec);
  const producer = await openProducer(door);
  await producer.put(0, 0);
  await get(door, 1);
  for (const item of [1, 2, 3]) producer.putOnCredit(item, 1);
  expect(await put(door, 4)).toBe('{"result":{"put":1}}');
  expect(await get(door, 9)).toBe('{"result":{"items":[1,2,3,4]}}');
});

test('what was put before something else was asked comes before what others then put on credit', async () => {
  const door = openDoor(spec);
  const [one, other] = [await openProducer(door), await openProducer(door)];
  await one.put(0, 0);
  await other.put(1, 0);
  await one.put(2, 1);
  // Whose grant is older is looked at first.
  one.putOnCredit(3, 2);
  await one.ask('event.set', { name: 'over' });
  other.putOnCredit(4, 1);
  expect(await get(door, 9)).toBe('{"result":{"items":[0,1,2,3,4]}}');
});

test('what was put under a lock that is left to its holder comes before what the next holder puts on credit', async () => {
  const door = openDoor(spec);
  const [one, other] = [await openProducer(door), await openProducer(door)];
  await one.put(0, 0);
  await other.put(1, 0);
  await one.put(2, 1);
  await one.ask('lock.acquire', { holds: 'file' });
  const path = fieldOf(await one.ask('lock.delegate', { name: 'file' }), 'path');
  one.putOnCredit(3, 2);
  writeSync(openSync(String(path), 'r+'), Uint32Array.of(0, 0), 0, 8, 0);
  expect(await other.ask('lock.acquire', { holds: 'file', timeout_ms: 0 })).toMatchObject({ tokens: { file: 3 } });
  other.putOnCredit(4, 1);
  expect(await get(door, 9)).toBe('{"result":{"items":[0,1,2,3,4]}}');
});

test('what is nested too deeply to be written to anybody is not taken in, and the run goes on', async () => {
  const door = openDoor(spec);
  const producer = await openProducer(door);
  await producer.put(0, 0);
  producer.putTextOnCredit('['.repeat(20_000) + ']'.repeat(20_000), 1);
  expect(await get(door, 9)).toBe('{"result":{"items":[0]}}');
  expect(await producer.put(1, 1)).toMatchObject({ put: 1 });
  expect(await get(door, 9)).toBe('{"result":{"items":[1]}}');
});
