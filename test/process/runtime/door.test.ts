import { once } from 'node:events';
import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { line, openDoor, openStream, rawExchange, socketFolder, type OpenDoor } from './door-harness.ts';
import { openPiecewise } from './door-peer.ts';
import { until } from './worker-harness.ts';

const spec = `
locks: { l: , r: { reentrant: true } }
events: { e: }
queues: { q: { capacity: 2 } }
values: { n: 0 }
processes:
  a: { command: sleep 1000, uses: { q: [put, get], e: set } }
  b: { command: sleep 1000, uses: { q: get } }
`;

function http(door: OpenDoor, path: string, body: string, key = door.keys.keyOf('a')): Promise<string> {
  const head = [`POST ${path} HTTP/1.1`, 'Host: mpctl', 'Connection: close', `Content-Length: ${Buffer.byteLength(body)}`];
  if (key !== '') head.push(`Authorization: Bearer ${key}`);
  return rawExchange(door.path, `${head.join('\r\n')}\r\n\r\n${body}`);
}

function holdersOf(door: OpenDoor, name: string): readonly string[] {
  const found = door.snapshot().primitives.find((primitive) => primitive.name === name);
  return found !== undefined && 'holdings' in found ? found.holdings.map(({ owner }) => `${owner.instance} ${owner.holder}`) : [];
}

function waitingCount(door: OpenDoor): number {
  return door.snapshot().waiting.length;
}

test('the socket is private', () => {
  const door = openDoor(spec);
  expect(statSync(door.path).mode & 0o777).toBe(0o600);
  expect(statSync(socketFolder(door)).mode & 0o777).toBe(0o700);
});

describe('a key', () => {
  const other = `a.${'0'.repeat(64)}`;
  test.each([
    ['is missing', ''],
    ['is wrong', other],
    ['is no key at all', 'guess'],
    ['is too long', `a.${'0'.repeat(10_000)}`],
  ])('that %s is refused and noted', async (_, key) => {
    const door = openDoor(spec);
    door.keys.keyOf('a');
    const answer = await http(door, '/v1/event/set', '{"name":"e"}', key);
    expect(answer).toContain('HTTP/1.1 401');
    expect(answer).toContain('"kind":"unauthorized"');
    expect(door.refusals).toHaveLength(1);
  });

  test('of another run is refused for a stream too', async () => {
    const [door, strange] = [openDoor(spec), openDoor(spec)];
    const head = `GET /v1/stream HTTP/1.1\r\nHost: m\r\nConnection: Upgrade\r\nUpgrade: mpctl\r\nMpctl-Pid: 1\r\n`;
    const answer = await rawExchange(door.path, `${head}Authorization: Bearer ${strange.keys.keyOf('a')}\r\n\r\n`);
    expect(answer).toContain('HTTP/1.1 401');
    expect(door.refusals).toHaveLength(1);
  });
});

describe('HTTP', () => {
  test('answers a call with its result, or with the status of its refusal', async () => {
    const door = openDoor(spec);
    expect(await http(door, '/v1/value/add', '{"name":"n","by":2}')).toMatch(/200 OK[\s\S]*\{"result":2\}\n$/u);
    expect(await http(door, '/v1/queue/get', '{"name":"q","timeout_ms":0}')).toMatch(/409[\s\S]*"kind":"empty"/u);
    expect(await http(door, '/v1/value/add', '{"name":')).toMatch(/400[\s\S]*"kind":"parse_error"/u);
    expect(await http(door, '/v1/value/mul', '{}')).toMatch(/404[\s\S]*"kind":"unknown_method"/u);
    expect(await http(door, '/somewhere', '{}')).toMatch(/404[\s\S]*POST \/v1\/THING\/VERB/u);
  });

  test.each(['GET', 'PUT', 'DELETE'])('refuses %s where only POST has a meaning, and says so; what is nowhere is not there', async (verb) => {
    const door = openDoor(spec);
    const ask = (url: string): Promise<string> => rawExchange(door.path, `${verb} ${url} HTTP/1.1\r\nHost: m\r\nConnection: close\r\nAuthorization: Bearer ${door.keys.keyOf('a')}\r\n\r\n`, 'open');
    const refused = await ask('/v1/lock/acquire');
    expect(refused).toMatch(/^HTTP\/1\.1 405 [\s\S]*"kind":"wrong_verb"/u);
    expect(refused).toMatch(/^Allow: POST\r$/mu);
    const missing = await ask('/v1/lock/nothing');
    expect(missing).toMatch(/^HTTP\/1\.1 404 [\s\S]*"kind":"unknown_method"/u);
    expect(missing).not.toMatch(/^Allow:/mu);
    expect(holdersOf(door, 'l')).toEqual([]);
  });

  test('refuses a body that is too large', async () => {
    const door = openDoor(spec);
    expect(await http(door, '/v1/value/set', `{"name":"n","item":"${'x'.repeat(1024 * 1024)}"}`)).toMatch(/413[\s\S]*too_large/u);
  });

  test('lets a client that is still sending what is too large read why, and waits for no more than a second', async () => {
    const door = openDoor(spec);
    const { connect } = await import('node:net');
    const head = `POST /v1/value/set HTTP/1.1\r\nHost: m\r\nAuthorization: Bearer ${door.keys.keyOf('a')}\r\n`;
    for (const announced of [16_000_000, 16_000_001]) {
      const errors: unknown[] = [];
      let answer = '';
      const socket = connect(door.path).setEncoding('utf8');
      socket.on('error', (error) => errors.push(error)).on('data', (text: string) => (answer += text));
      socket.write(`${head}Content-Length: ${announced}\r\n\r\n${'x'.repeat(16_000_000)}`);
      await once(socket, 'close');
      expect(answer).toMatch(/^HTTP\/1\.1 413[\s\S]*too_large/u);
      expect(errors).toEqual([]);
    }
  });

  test('cancels the wait of a client that goes away', async () => {
    const door = openDoor(spec);
    await http(door, '/v1/lock/acquire', '{"holds":"l"}');
    const client = await openStream(door, 'b');
    const body = '{"holds":"l"}';
    const { connect } = await import('node:net');
    const socket = connect(door.path);
    socket.write(`POST /v1/lock/acquire HTTP/1.1\r\nHost: m\r\nAuthorization: Bearer ${door.keys.keyOf('a')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await until(() => waitingCount(door) === 1, 'it waits');
    socket.destroy();
    await until(() => waitingCount(door) === 0, 'its wait is cancelled');
    client.socket.destroy();
    expect(holdersOf(door, 'l')).toEqual(['a call/1']);
  });

  test('holds for the instance: another call, of any program in it, releases', async () => {
    const door = openDoor(spec);
    await http(door, '/v1/lock/acquire', '{"holds":["l","r"]}');
    expect(await http(door, '/v1/lock/release', '{"holds":"l"}', door.keys.keyOf('b'))).toContain('not_owner');
    expect(await http(door, '/v1/lock/release', '{"holds":["l","r"]}')).toContain('{"result":null}');
  });
});

describe('who waits and does nothing else', () => {
  const request = (id: number, method: string, params: unknown, more: object): string =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method, params, ...more })}\n`;
  const get = { name: 'q' };

  test('is a thread that says how many there are of it, until it has its answer', async () => {
    const door = openDoor(spec);
    const client = await openStream(door, 'a', 42);
    client.socket.write(request(1, 'queue.get', get, { thread: 7, threads: 3 }) + request(2, 'queue.get', get, { thread: 8 }));
    await until(() => waitingCount(door) === 2, 'both wait');
    expect(door.clientsOf('a')).toEqual({ waiters: [{ call: 1, pid: 42, thread: '7', threads: 3 }], clients: [42], loops: [], listeners: [] });
    expect(door.clientsOf('b')).toEqual({ waiters: [], clients: [], loops: [], listeners: [] });
    client.socket.write(line(3, 'queue.put', { name: 'q', item: 'x' }));
    await client.until(2);
    expect(door.clientsOf('a').waiters).toEqual([]);
    client.socket.destroy();
    await until(() => door.clientsOf('a').clients.length === 0, 'it is gone');
  });

  test('is a process that asks over HTTP and gives its id, and none that does not', async () => {
    const door = openDoor(spec);
    const ask = (header: string): Promise<string> =>
      rawExchange(
        door.path,
        `POST /v1/queue/get HTTP/1.1\r\nHost: mpctl\r\nConnection: close\r\nContent-Length: 12\r\n${header}Authorization: Bearer ${door.keys.keyOf('a')}\r\n\r\n{"name":"q"}`,
        'open',
      );
    const answers = [ask('Mpctl-Pid: 42\r\n'), ask('')];
    await until(() => waitingCount(door) === 2, 'both wait');
    expect(door.clientsOf('a')).toMatchObject({ waiters: [{ pid: 42, thread: '', threads: null }], clients: [] });
    await http(door, '/v1/queue/put', '{"name":"q","items":[1,2]}');
    await Promise.all(answers);
    await until(() => door.clientsOf('a').waiters.length === 0, 'it has its answer');
  });
});

describe('a stream', () => {
  test('answers as answers are ready, whatever waits before them', async () => {
    const door = openDoor(spec);
    const client = await openStream(door, 'a');
    client.socket.write(line(1, 'queue.get', { name: 'q' }) + line('two', 'value.add', { name: 'n' }) + line(3, 'queue.put', { name: 'q', item: 'x' }));
    expect(await client.until(3)).toEqual([
      { jsonrpc: '2.0', id: 'two', result: 1 },
      { jsonrpc: '2.0', id: 3, result: { put: 1 } },
      { jsonrpc: '2.0', id: 1, result: { items: ['x'] } },
    ]);
  });

  test('names its holder by process and thread, and lets go of everything when it is closed', async () => {
    const door = openDoor(spec);
    const client = await openStream(door, 'a', 42);
    client.socket.write(line(1, 'lock.acquire', { holds: 'l' }, 7) + line(2, 'lock.acquire', { holds: 'r' }, 8));
    await client.until(2);
    expect([...holdersOf(door, 'l'), ...holdersOf(door, 'r')]).toEqual(['a 42/7', 'a 42/8']);
    const other = await openStream(door, 'b');
    other.socket.write(line(1, 'lock.acquire', { holds: 'l' }));
    await until(() => waitingCount(door) === 1, 'the other waits');
    client.socket.destroy();
    expect(await other.until(1)).toMatchObject([{ id: 1, result: { owner_died: ['l'] } }]);
    expect(holdersOf(door, 'r')).toEqual([]);
  });

  test('does what nobody wants the answer of', async () => {
    const door = openDoor(spec);
    const client = await openStream(door, 'a');
    client.socket.write(line(1, 'lock.acquire', { holds: 'l' }) + line(null, 'lock.release', { holds: 'l' }) + line(null, 'nothing', {}) + line(2, 'lock.acquire', { holds: 'l' }));
    expect((await client.until(2)).map(({ id }) => id)).toEqual([1, 2]);
  });

  test('cancels what the client calls off, and forgets a call that was answered', async () => {
    const door = openDoor(spec);
    const client = await openStream(door, 'a');
    client.socket.write(line(1, 'event.wait', { name: 'e' }) + line(2, 'cancel', { id: 1 }) + line(3, 'cancel', { id: 1 }) + line(4, 'cancel', {}));
    expect(await client.until(4)).toMatchObject([{ id: 1, error: { data: { kind: 'cancelled' } } }, { id: 2, result: null }, { id: 3, result: null }, { id: 4, result: null }]);
  });

  test('takes what is nested as deep as it can be answered, and refuses what is deeper', async () => {
    const door = openDoor(spec);
    const client = await openStream(door, 'a');
    const nested = (levels: number): string => `{"jsonrpc":"2.0","id":${String(levels)},"method":"value.set","params":{"name":"n","item":${'['.repeat(levels)}${']'.repeat(levels)}}}\n`;
    client.socket.write(nested(998) + nested(999) + nested(100_000) + line(1, 'value.get', { name: 'n' }));
    const answers = await client.until(4);
    expect(answers.map(({ id, error }) => [id, error?.data.kind])).toEqual([
      [998, undefined],
      [999, 'parse_error'],
      [100_000, 'parse_error'],
      [1, undefined],
    ]);
    expect(answers[1]?.error?.message).toBe('a frame has more than 1000 lists and objects within each other');
    expect(JSON.stringify(answers[3]?.result)).toHaveLength(2 * 998);
  });

  test('refuses a number that would become another, and takes all others', async () => {
    const door = openDoor(spec);
    const client = await openStream(door, 'a');
    const set = (id: number, item: string): string => `{"jsonrpc":"2.0","id":${String(id)},"method":"value.set","params":{"name":"n","item":${item}}}\n`;
    client.socket.write(set(1, '9007199254740993') + set(2, '[1e999]') + set(3, '[9007199254740991,1e20,"9007199254740993"]') + line(4, 'value.get', { name: 'n' }));
    const answers = await client.until(4);
    expect(answers.map(({ error }) => error?.message)).toEqual([
      '9007199254740993 is beyond 2**53 - 1 and would not survive JSON: pass it as a string',
      '1e999 is beyond the largest number of JSON, about 1.8e308, and would not survive JSON: pass it as a string',
      undefined,
      undefined,
    ]);
    expect(answers[3]?.result).toEqual([9_007_199_254_740_991, 1e20, '9007199254740993']);
  });

  test('goes on after frames that mean nothing', async () => {
    const door = openDoor(spec);
    const client = await openStream(door, 'a');
    client.socket.write(`no json\n[1,2]\n{"id":{}, "method":"x"}\n\n${line(1, 'x', {})}${line(2, 'value.add', { name: 'n' })}`);
    expect((await client.until(5)).map(({ id, error }) => [id, error?.data.kind])).toEqual([
      [null, 'parse_error'],
      [null, 'invalid_request'],
      [null, 'invalid_request'],
      [1, 'unknown_method'],
      [2, undefined],
    ]);
  });

  test('takes frames in any pieces, also within a character', async () => {
    const door = openDoor(spec);
    const client = await openPiecewise(door, 'a');
    const bytes = Buffer.from(line(1, 'queue.put', { name: 'q', item: 'grüße 🐘' }) + line(2, 'queue.get', { name: 'q' }));
    for (const byte of bytes) await client.writeAlone(Buffer.from([byte]));
    expect((await client.until(2))[1]?.result).toEqual({ items: ['grüße 🐘'] });
    expect(client.reads).toHaveLength(bytes.length);
  });

  test('refuses a second request of the same id while the first waits', async () => {
    const door = openDoor(spec);
    const client = await openStream(door, 'a');
    client.socket.write(line(1, 'event.wait', { name: 'e' }) + line(1, 'value.add', { name: 'n' }));
    expect(await client.until(1)).toMatchObject([{ id: 1, error: { data: { kind: 'invalid_request' } } }]);
  });

  test('is closed after a frame that is too large', async () => {
    const door = openDoor(spec);
    const client = await openStream(door, 'a');
    client.socket.write('x'.repeat(1024 * 1024 + 1));
    await client.closed;
    expect(client.frames).toMatchObject([{ id: null, error: { data: { kind: 'too_large' } } }]);
  });

  test('is told how large a frame may be, and is closed after one that is larger', async () => {
    const door = openDoor(spec, () => {}, 70_000);
    const head = `GET /v1/stream HTTP/1.1\r\nHost: m\r\nConnection: Upgrade\r\nUpgrade: mpctl\r\nMpctl-Pid: 1\r\nAuthorization: Bearer ${door.keys.keyOf('a')}\r\n\r\n`;
    const answer = await rawExchange(door.path, `${head}${line(1, 'value.set', { name: 'n', item: 'x'.repeat(69_000) })}${'x'.repeat(70_001)}`);
    expect(answer).toMatch(/^HTTP\/1\.1 101 [\s\S]*\r\nMpctl-Max-Frame: 70000\r\n/u);
    expect(answer).toContain('"id":1,"result":null');
    expect(answer).toContain('a frame holds at most 70000 bytes');
    expect(await http(door, '/v1/value/set', `{"name":"n","item":"${'x'.repeat(70_000)}"}`)).toMatch(/413[\s\S]*at most 70000 bytes/u);
  });

  test('is one of a thousand', async () => {
    const door = openDoor(spec);
    const clients = await Promise.all(Array.from({ length: 1000 }, (_, index) => openStream(door, 'a', index + 1)));
    for (const { socket } of clients) socket.write(line(1, 'value.add', { name: 'n' }));
    await Promise.all(clients.map((client) => client.until(1)));
    const last = clients[0];
    last?.socket.write(line(2, 'value.get', { name: 'n' }));
    expect((await last?.until(2))?.[1]?.result).toBe(1000);
  });
});

describe('whoever looks at everything', () => {
  const everything = `
locks: { l: , r: { reentrant: true } }
semaphores: { s: { permits: 3, bounded: false } }
events: { e: }
conditions: { c: { lock: r } }
barriers: { start: { parties: 2 } }
queues: { q: { capacity: 2 }, closed: { items: [x] } }
pipes: { link: { from: a, to: b } }
values: { n: 5 }
processes:
  a: { command: sleep 1000, uses: { q: [put, get, task_done], e: set, start: wait, c: notify } }
  b: { command: sleep 1000, uses: { q: [put, get], start: wait } }
  d: { steps: [wait: e, release: s] }
`;

  test('sees how each thing stands, who waits there in order, and who could wake them', async () => {
    const door = openDoor(everything);
    const [a, b] = await Promise.all([openStream(door, 'a'), openStream(door, 'b', 2)]);
    a.socket.write(
      line(1, 'lock.acquire', { holds: ['l', { name: 's', permits: 2 }, 'r'] }) +
        line(2, 'lock.acquire', { holds: 'r' }) +
        line(3, 'queue.put', { name: 'q', items: [1, 2] }) +
        line(4, 'queue.get', { name: 'q' }) +
        line(5, 'pipe.send', { name: 'link', item: 'm' }),
    );
    await a.until(5);
    b.socket.write(line(1, 'lock.acquire', { holds: 'l' }) + line(2, 'queue.put', { name: 'q', items: [3, 4] }) + line(3, 'barrier.wait', { name: 'start' }));
    await until(() => waitingCount(door) === 4, 'the step, the acquire, the second put and the arrival wait');
    a.socket.write(line(6, 'lock.acquire', { holds: 'l', timeout_ms: 60_000 }));
    await until(() => waitingCount(door) === 5, 'it waits for its own lock, for as long as it said');
    const { result } = (await askOperator(door, 'run.things', {})) as { result: readonly unknown[] };
    expect(result).toEqual([
      {
        name: 'l',
        kind: 'lock',
        free: 0,
        holders: [{ process: 'a', holder: '1/0', permits: 1, token: 1 }],
        waiters: [
          { process: 'b', holder: '2/0', for: 'acquire' },
          { process: 'a', holder: '1/0', for: 'acquire' },
        ],
        could: { release: ['a'] },
      },
      { name: 'r', kind: 'lock', free: 0, holders: [{ process: 'a', holder: '1/0', permits: 2, token: 1 }], waiters: [], could: { release: ['a'] } },
      {
        name: 's',
        kind: 'semaphore',
        free: 1,
        permits: 3,
        holders: [{ process: 'a', holder: '1/0', permits: 2, token: 1 }],
        waiters: [],
        could: { release: ['a', 'd'] },
      },
      { name: 'e', kind: 'event', is_set: false, waiters: [{ process: 'd', holder: 'steps', for: 'wait' }], could: { set: ['a'] } },
      { name: 'c', kind: 'condition', lock: 'r', waiters: [], could: { notify: ['a'] } },
      { name: 'start', kind: 'barrier', parties: 2, arrived: ['b'], broken: false, waiters: [{ process: 'b', holder: '2/0', for: 'wait' }], could: { wait: ['a'] } },
      {
        name: 'q',
        kind: 'queue',
        size: 2,
        in_hand: 1,
        unfinished: 3,
        capacity: 2,
        ended: false,
        broken: false,
        in_hand_of: { a: 1 },
        waiters: [{ process: 'b', holder: '2/0', for: 'put' }],
        could: { put: ['a', 'b'], get: ['a', 'b'] },
      },
      { name: 'closed', kind: 'queue', size: 1, in_hand: 0, unfinished: 1, capacity: null, ended: true, broken: true, in_hand_of: {}, waiters: [], could: { put: [], get: [] } },
      { name: 'link', kind: 'pipe', ends: [{ process: 'a', inbound: 0, closed: false }, { process: 'b', inbound: 1, closed: false }], waiters: [], could: { send: ['a'], recv: ['b'] } },
      { name: 'n', kind: 'value', value: 5, waiters: [], could: {} },
    ]);
    expect(await askOperator(door, 'run.things', { name: 'n' })).toEqual({ result: [result.at(-1)] });
    expect(await askOperator(door, 'run.things', { name: 'a' })).toMatchObject({ error: { kind: 'not_found' } });
  });
});

/** What somebody at another terminal is answered with. */
async function askOperator(door: OpenDoor, method: string, params: object): Promise<unknown> {
  const answer = await http(door, `/v1/${method.replace('.', '/')}`, JSON.stringify(params), door.keys.keyOf('@operator'));
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
}
