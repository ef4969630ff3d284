import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connect } from '../../../src/client/connect.ts';
import type { Run } from '../../../src/client/run.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

interface Frame {
  readonly id?: number;
  readonly thread: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const upgraded = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: mpctl\r\nConnection: Upgrade\r\n\r\n';
const granted = { tokens: { file: 7 }, owner_died: [] };

/** The other side of the socket: keeps what comes, each write apart, and answers as the test says. */
class FakeDoor {
  readonly path = path.join(tempFolder(), 'door.sock');
  readonly writes: Frame[][] = [];
  head = '';
  #socket: Socket | null = null;

  async listen(greeting: string, onFrame: (frame: Frame, door: FakeDoor) => void = () => {}): Promise<void> {
    const server = createServer((socket) => {
      this.#socket = socket;
      socket.setEncoding('utf8').on('error', () => {});
      socket.once('data', (head: unknown) => {
        this.head = String(head);
        socket.on('data', (text: unknown) => {
          const frames = String(text).trimEnd().split('\n').map((line) => JSON.parse(line) as Frame);
          this.writes.push(frames);
          for (const frame of frames) onFrame(frame, this);
        });
        socket.write(greeting);
      });
    }).listen(this.path);
    onTestFinished(() => {
      this.#socket?.destroy();
      server.close();
    });
    await once(server, 'listening');
  }

  answer(id: number | undefined, result: unknown): void {
    this.#socket?.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
  }

  write(text: string): void {
    this.#socket?.write(text);
  }

  hangUp(): void {
    this.#socket?.destroy();
  }

  async connect(): Promise<Run> {
    const run = await connect({ socket: this.path, authkey: 'secret' });
    onTestFinished(async () => run.close());
    return run;
  }
}

async function doorWith(onFrame?: (frame: Frame, door: FakeDoor) => void): Promise<{ door: FakeDoor; run: Run }> {
  const door = new FakeDoor();
  await door.listen(upgraded, onFrame);
  return { door, run: await door.connect() };
}

describe('connect', () => {
  it('asks for a stream with the key and the process id', async () => {
    const { door } = await doorWith();
    expect(door.head.split('\r\n')).toEqual([
      'GET /v1/stream HTTP/1.1',
      'Host: mpctl',
      'Connection: Upgrade',
      'Upgrade: mpctl',
      'Authorization: Bearer secret',
      `Mpctl-Pid: ${String(process.pid)}`,
      '',
      '',
    ]);
  });

  it('throws the refusal of the door', async () => {
    const door = new FakeDoor();
    const body = JSON.stringify({ error: { kind: 'unauthorized', message: 'wrong key' } });
    await door.listen(`HTTP/1.1 401 Unauthorized\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`);
    await expect(door.connect()).rejects.toMatchObject({ name: 'AuthenticationError', kind: 'unauthorized', message: 'wrong key' });
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
  it('refuses what is larger than the run takes, and fills no more with many items', async () => {
    const door = new FakeDoor();
    await door.listen(upgraded.replace('\r\n\r\n', '\r\nmpctl-max-frame: 65536\r\n\r\n'), (frame, self) => {
      if (frame.id !== undefined) self.answer(frame.id, { put: (frame.params['items'] as readonly unknown[]).length });
    });
    const run = await door.connect();
    await expect(run.queue('q').put('x'.repeat(65_536))).rejects.toMatchObject({ name: 'TooLarge' });
    expect(await run.queue('q').putAll(Array.from({ length: 30 }, () => 'x'.repeat(6000)))).toBe(30);
    expect(door.writes.flat().map(({ params }) => (params['items'] as readonly unknown[]).length)).toEqual(Array.from({ length: 30 }, () => 1));
    await run.close();
  });

  it('writes what is asked within a tick at once, and takes answers in any order', async () => {
    const { door, run } = await doorWith((frame, self) => {
      if (frame.id !== 3) return;
      self.answer(3, 3);
      self.answer(1, 1);
      self.answer(2, 2);
    });
    const answers = await Promise.all([run.value('a').add(), run.value('b').add(), run.value('c').add()]);
    expect(answers).toEqual([1, 2, 3]);
    expect(door.writes.map((frames) => frames.length)).toEqual([3]);
  });

  it('releases without an answer, in one write with the next acquire, as a holder that is used again', async () => {
    const { door, run } = await doorWith((frame, self) => {
      if (frame.id !== undefined) self.answer(frame.id, granted);
    });
    const lock = run.lock('file');
    const first = await lock.acquire();
    expect(first.token).toBe(7);
    await first.release();
    await lock.acquire();
    expect(door.writes.map((frames) => frames.map(({ method }) => method))).toEqual([['lock.acquire'], ['lock.release', 'lock.acquire']]);
    expect(door.writes[1]?.[0]).not.toHaveProperty('id');
    expect(new Set(door.writes.flat().map(({ thread }) => thread)).size).toBe(1);
    await expect(first.release()).rejects.toMatchObject({ name: 'NotOwner' });
  });

  it('has a holder of its own for each acquisition, and one for all of a thread or a reentrant lock', async () => {
    const { door, run } = await doorWith((frame, self) => self.answer(frame.id, granted));
    const thread = run.thread('writer 1');
    const locks = [run.lock('file'), run.lock('file'), run.rlock('tree'), run.rlock('tree'), thread.lock('file'), thread.rlock('tree')];
    await Promise.all(locks.map(async (lock) => lock.acquire()));
    const holders = door.writes.flat().map(({ thread: holder }) => holder.replace(/^[^.:]*/u, ''));
    expect(holders).toEqual(['.1', '.2', '', '', ':writer%201', ':writer%201']);
  });

  it('calls a wait off', async () => {
    const { door, run } = await doorWith((frame, self) => {
      if (frame.method !== 'cancel') return;
      const error = { code: 14, message: 'called off', data: { kind: 'cancelled' } };
      self.write(`${JSON.stringify({ jsonrpc: '2.0', id: frame.params['id'], error })}\n`);
    });
    const reason = new Error('enough');
    const controller = new AbortController();
    const waiting = run.event('go').wait({ signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toMatchObject({ name: 'Cancelled', cause: reason });
    await expect(run.event('go').wait({ signal: controller.signal })).rejects.toMatchObject({ name: 'Cancelled', cause: reason });
    expect(door.writes.flat().map(({ method }) => method)).toEqual(['event.wait', 'cancel']);
  });

  it('refuses an item that no frame can hold, before the door would hang up', async () => {
    const { door, run } = await doorWith();
    await expect(run.queue('work').put('ü'.repeat(600_000))).rejects.toMatchObject({ name: 'TooLarge', kind: 'too_large' });
    expect(door.writes).toEqual([]);
  });

  it('ends every wait when the run hangs up, and says so to whoever asks later', async () => {
    const { run } = await doorWith((_, self) => self.hangUp());
    const disconnected = { name: 'Disconnected', message: 'the run has closed the connection' };
    await expect(run.event('go').wait()).rejects.toMatchObject(disconnected);
    await expect(run.event('go').set()).rejects.toMatchObject(disconnected);
  });

  it('passes over what is no answer', async () => {
    const { run } = await doorWith((frame, self) => {
      self.write('garbage\n[1]\n{"id":99,"result":1}\n{"id":null,"error":{}}\n');
      self.answer(frame.id, 5);
    });
    expect(await run.value('counter').add()).toBe(5);
  });

  it('throws UnexpectedAnswer where a result is of another type', async () => {
    const { run } = await doorWith((frame, self) => self.answer(frame.id, 'text'));
    await expect(run.value('counter').add()).rejects.toMatchObject({ name: 'UnexpectedAnswer' });
  });
});

describe('a queue', () => {
  /** Answers `get` out of these items, as many as it asks for, and then with the end of stream. */
  function serving(items: number[]): (frame: Frame, door: FakeDoor) => void {
    return ({ id, params }, door) => {
      const some = items.splice(0, Number(params['max']));
      if (some.length > 0) door.answer(id, { items: some });
      else door.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code: 8, message: 'over', data: { kind: 'end_of_stream' } } })}\n`);
    };
  }

  it('is gone through until its end, with batches that grow', async () => {
    const items = Array.from({ length: 5000 }, (_, index) => index);
    const { door, run } = await doorWith(serving([...items]));
    const seen: unknown[] = [];
    for await (const item of run.queue('work')) seen.push(item);
    expect(seen).toEqual(items);
    expect(door.writes.flat()[0]?.params).toEqual({ name: 'work', max: 1 });
    expect(door.writes.flat().length).toBeLessThan(1000);
  });

  it('keeps what a break leaves for the next get', async () => {
    const { run } = await doorWith(serving([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    const queue = run.queue('work');
    for await (const item of queue) if (item === 4) break;
    expect(await queue.get()).toBe(5);
    expect(await run.queue('work').get()).toBe(6);
  });

  it('takes one at a time where nothing is to be taken ahead', async () => {
    const { door, run } = await doorWith(serving([0, 1, 2]));
    for await (const item of run.queue('work').items({ ahead: 1 })) expect(item).toBeTypeOf('number');
    expect(door.writes.flat().map(({ params }) => params['max'])).toEqual([1, 1, 1, 1]);
  });
});
