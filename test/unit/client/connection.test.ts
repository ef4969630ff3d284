import { createConnection, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connect } from '../../../src/client/connect.ts';
import type { Run } from '../../../src/client/run.ts';
import { type OpenDoor, openDoor } from '../../process/runtime/door-harness.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

interface Frame {
  readonly id?: number;
  readonly thread: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A wire to a real door: keeps what the client writes, each write apart, and may say something of its own. */
class Wire {
  readonly path = path.join(tempFolder(), 'wire.sock');
  readonly writes: Frame[][] = [];
  head = '';
  readonly #door: OpenDoor;
  #client: Socket | null = null;

  constructor(door: OpenDoor) {
    this.#door = door;
  }

  async listen(onFrame: (frame: Frame, wire: Wire) => void): Promise<void> {
    const server = createServer((client) => {
      const door = createConnection(this.#door.path);
      this.#client = client;
      client.setEncoding('utf8').on('error', () => {}).on('close', () => door.destroy());
      door.on('data', (data: Buffer) => client.write(data)).on('error', () => {}).on('close', () => client.destroy());
      client.once('data', (head: string) => {
        this.head = head;
        door.write(head);
        client.on('data', (text: string) => {
          const frames = text.trimEnd().split('\n').map((line) => JSON.parse(line) as Frame);
          this.writes.push(frames);
          for (const frame of frames) onFrame(frame, this);
          if (!client.destroyed) door.write(text);
        });
      });
    }).listen(this.path);
    onTestFinished(() => {
      this.#client?.destroy();
      server.close();
    });
    await once(server, 'listening');
  }

  say(text: string): void {
    this.#client?.write(text);
  }

  cut(): void {
    this.#client?.destroy();
  }

  async connect(authkey = this.#door.keys.keyOf('p')): Promise<Run> {
    const run = await connect({ socket: this.path, authkey });
    onTestFinished(async () => run.close());
    return run;
  }
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** One program in a run that has one of each. Where its queue has `items` it only gets, so that their end is that of the stream. */
const spec = (items: readonly number[]): string => `
locks: { file: , tree: { reentrant: true } }
events: { go: }
queues: { work: { items: ${JSON.stringify(items)} } }
values: { a: 0, b: 0, counter: 4 }
processes: { p: { command: x, uses: { go: set, work: ${items.length > 0 ? 'get' : '[get, put]'} } } }
`;

interface Connected {
  readonly door: OpenDoor;
  readonly wire: Wire;
  readonly run: Run;
}

async function connected(onFrame: (frame: Frame, wire: Wire) => void = () => {}, items: readonly number[] = []): Promise<Connected> {
  const door = openDoor(spec(items));
  const wire = new Wire(door);
  await wire.listen(onFrame);
  return { door, wire, run: await wire.connect() };
}

describe('connect', () => {
  it('asks for a stream with the key and the process id', async () => {
    const { door, wire } = await connected();
    expect(wire.head.split('\r\n')).toEqual([
      'GET /v1/stream HTTP/1.1',
      'Host: mpctl',
      'Connection: Upgrade',
      'Upgrade: mpctl',
      `Authorization: Bearer ${door.keys.keyOf('p')}`,
      `Mpctl-Pid: ${String(process.pid)}`,
      'Mpctl-Loop: 1',
      '',
      '',
    ]);
  });

  it('throws the refusal of the door', async () => {
    const refusal = { name: 'AuthenticationError', kind: 'unauthorized', message: 'the key is missing, wrong, of another run, or of an attempt that has ended' };
    await expect(connect({ socket: openDoor(spec([])).path, authkey: 'secret' })).rejects.toMatchObject(refusal);
  });

  it('says where nobody listens', async () => {
    const socket = path.join(tempFolder(), 'none.sock');
    await expect(connect({ socket, authkey: 'secret' })).rejects.toMatchObject({ name: 'Disconnected', kind: 'disconnected' });
  });

  it('says that the program was not started by mpctl', async () => {
    // The tests themselves may run inside a run.
    vi.stubEnv('MPCTL_SOCKET', undefined);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await expect(connect({ authkey: 'secret' })).rejects.toMatchObject({ name: 'NotInRun', kind: 'not_in_run' });
  });
});

describe('a connection', () => {
  it('throws a refusal with the line that has asked on its stack', async () => {
    const { run } = await connected();
    async function whoAsks(): Promise<void> {
      await run.event('none').set();
    }
    const error: unknown = await whoAsks().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'NotFound' });
    expect(error instanceof Error ? error.stack : undefined).toMatch(/at (?:async )?whoAsks /u);
  });

  it('refuses what is larger than the run takes, and fills no more with many items', async () => {
    const wire = new Wire(openDoor(spec([]), undefined, 65_536));
    await wire.listen(() => {});
    const run = await wire.connect();
    await expect(run.queue('work').put('x'.repeat(65_536))).rejects.toMatchObject({ name: 'TooLarge' });
    expect(await run.queue('work').putAll(Array.from({ length: 30 }, () => 'x'.repeat(6000)))).toBe(30);
    expect(wire.writes.flat().map(({ params }) => (params['items'] as readonly unknown[]).length)).toEqual(Array.from({ length: 30 }, () => 1));
  });

  it('writes what is asked within a tick at once, and takes answers in any order', async () => {
    const { wire, run } = await connected();
    const answered: string[] = [];
    const noted = async (name: string, asked: Promise<unknown>): Promise<void> => {
      await asked;
      answered.push(name);
    };
    await Promise.all([noted('wait', run.event('go').wait()), noted('add', run.value('a').add()), noted('set', run.event('go').set())]);
    expect(answered[0]).toBe('add');
    expect(answered.toSorted()).toEqual(['add', 'set', 'wait']);
    expect(wire.writes.map((frames) => frames.length)).toEqual([3]);
  });

  it('says in how many calls it waits when it is asked, and whether it hears the signal that Node catches in any case', async () => {
    let hearWord = (_calls: unknown): void => {};
    const { wire, run } = await connected(({ method, params }) => {
      if (method === 'wait.only') hearWord(params['calls']);
    });
    const ask = async (): Promise<unknown> =>
      new Promise((resolve) => {
        hearWord = resolve;
        wire.say('{"jsonrpc":"2.0","method":"wait.ask","params":{}}\n');
      });
    const waits = [run.event('go').wait(), run.event('go').wait()];
    await run.value('a').get();
    expect(await ask()).toBe(2);
    const hear = (): void => {};
    process.on('SIGUSR1', hear);
    expect(await ask()).toBeNull();
    process.off('SIGUSR1', hear);
    await run.event('go').set();
    await Promise.all(waits);
    expect(await ask()).toBe(0);
  });

  it('releases without an answer, in one write with the next acquire, as a holder that is used again', async () => {
    const { wire, run } = await connected();
    const lock = run.lock('file');
    const first = await lock.acquire();
    await first.release();
    expect((await lock.acquire()).token).toBeGreaterThan(first.token ?? Infinity);
    expect(wire.writes.map((frames) => frames.map(({ method }) => method))).toEqual([['lock.acquire'], ['lock.release', 'lock.acquire']]);
    expect(wire.writes[1]?.[0]).not.toHaveProperty('id');
    expect(new Set(wire.writes.flat().map(({ thread }) => thread)).size).toBe(1);
    await expect(first.release()).rejects.toMatchObject({ name: 'NotOwner' });
  });

  it('has a holder of its own for each acquisition, and one for all of a thread or a reentrant lock', async () => {
    const { wire, run } = await connected();
    const thread = run.thread('writer 1');
    const locks = [run.lock('file'), run.lock('file'), run.rlock('tree'), run.rlock('tree'), thread.lock('file'), thread.rlock('tree')];
    // Some of them wait for others, until the connection is closed.
    for (const lock of locks) void lock.acquire().catch(() => {});
    await vi.waitUntil(() => wire.writes.flat().length === locks.length);
    const holders = wire.writes.flat().map(({ thread: holder }) => holder.replace(/^[^.:]*/u, ''));
    expect(holders).toEqual(['.1', '.2', '', '', ':writer%201', ':writer%201']);
  });

  it('calls a wait off', async () => {
    const { wire, run } = await connected();
    const reason = new Error('enough');
    const controller = new AbortController();
    const waiting = run.event('go').wait({ signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toMatchObject({ name: 'Cancelled', cause: reason });
    await expect(run.event('go').wait({ signal: controller.signal })).rejects.toMatchObject({ name: 'Cancelled', cause: reason });
    expect(wire.writes.flat().map(({ method }) => method)).toEqual(['event.wait', 'cancel']);
  });

  it('refuses an item that no frame can hold, before the door would hang up', async () => {
    const { wire, run } = await connected();
    await expect(run.queue('work').put('ü'.repeat(600_000))).rejects.toMatchObject({ name: 'TooLarge', kind: 'too_large' });
    expect(wire.writes).toEqual([]);
  });

  it('says of items that are put together how many were put before they were called off', async () => {
    const door = openDoor('queues: { work: { capacity: 1500 } }\nprocesses: { p: { command: x, uses: { work: put } }, q: { command: x, uses: { work: get } } }\n');
    const run = await connect({ socket: door.path, authkey: door.keys.keyOf('p') });
    onTestFinished(async () => run.close());
    const controller = new AbortController();
    const putting = run.queue('work').putAll(numbers(1700), { signal: controller.signal });
    await vi.waitUntil(() => door.snapshot().waiting.length === 1);
    controller.abort();
    await expect(putting).rejects.toMatchObject({ name: 'Cancelled', put: 1500 });
    await expect(run.queue('work').putAll([1], { timeoutMs: 0 })).rejects.toMatchObject({ name: 'Full', put: 0 });
    await expect(run.queue('work').putAll(numbers(1001).map((one) => (one === 1000 ? Number.NaN : one)), { timeoutMs: 0 })).rejects.toMatchObject({ put: 0 });
  });

  it('ends every wait when the run hangs up, and says so to whoever asks later', async () => {
    const { run } = await connected((_, wire) => wire.cut());
    const disconnected = { name: 'Disconnected', message: 'the run has closed the connection' };
    await expect(run.event('go').wait()).rejects.toMatchObject(disconnected);
    await expect(run.event('go').set()).rejects.toMatchObject(disconnected);
  });

  it('passes over what is no answer', async () => {
    const { run } = await connected((_, wire) => wire.say('garbage\n[1]\n{"id":99,"result":1}\n{"id":null,"error":{}}\n'));
    expect(await run.value('counter').add()).toBe(5);
  });

  it('throws UnexpectedAnswer where a result is of another type', async () => {
    const { run } = await connected((frame, wire) => wire.say(`{"jsonrpc":"2.0","id":${String(frame.id)},"result":"text"}\n`));
    await expect(run.value('counter').add()).rejects.toMatchObject({ name: 'UnexpectedAnswer' });
  });
});

describe('a queue', () => {
  it('is gone through until its end, with batches that grow', async () => {
    const items = numbers(5000);
    const { wire, run } = await connected(undefined, items);
    const seen: unknown[] = [];
    for await (const item of run.queue('work')) seen.push(item);
    expect(seen).toEqual(items);
    expect(wire.writes.flat().find(({ method }) => method === 'queue.get')?.params).toEqual({ name: 'work', max: 1, taken: 0 });
    expect(wire.writes.flat().length).toBeLessThan(1000);
  });

  it('keeps what a break leaves for the next get', async () => {
    const { run } = await connected(undefined, numbers(10));
    const queue = run.queue('work');
    for await (const item of queue) if (item === 4) break;
    expect(await queue.get()).toBe(5);
    expect(await run.queue('work').get()).toBe(6);
  });

  it('takes one at a time where nothing is to be taken ahead', async () => {
    const { wire, run } = await connected(undefined, numbers(3));
    for await (const item of run.queue('work').items({ ahead: 1 })) expect(item).toBeTypeOf('number');
    expect(wire.writes.flat().map(({ params }) => params['max'])).toEqual([1, 1, 1, 1]);
  });
});
