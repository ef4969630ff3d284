import { ok } from 'node:assert/strict';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { parseCall, methodNames } from '../../../src/protocol/parse-call.ts';
import { nobodyIsStranded } from '../../property/sync/nobody-is-stranded.ts';
import { randomFrom } from '../../rig/virtual-random.ts';
import { line, openDoor, openStream, type OpenDoor } from './door-harness.ts';
import { openPiecewise, type PiecewiseClient } from './door-peer.ts';

const frameCount = 100_000;
const seed = Number(process.env['SEED'] ?? 20_261_128);

const spec = `
locks: { l: , r: { reentrant: true } }
semaphores: { s: { permits: 2, bounded: true } }
events: { e: }
conditions: { c: { lock: l } }
barriers: { b: { parties: 2 } }
queues: { q: { capacity: 5 }, p: { order: priority } }
pipes: { x: { between: [one, two], capacity: 3 } }
values: { v: 0 }
pools: { work: { workers: 1, command: exit 0, autostart: false } }
processes:
  one: { command: forever, uses: &all { q: [put, get, task_done], p: [put, get], e: set, b: wait, c: notify, work: [submit, start], idle: start } }
  two: { command: forever, uses: *all }
  idle: { command: forever, autostart: false }
`;

const names: Readonly<Record<string, readonly string[]>> = {
  lock: ['l', 'r'],
  semaphore: ['s'],
  event: ['e'],
  condition: ['c'],
  barrier: ['b'],
  queue: ['q', 'p'],
  pipe: ['x'],
  value: ['v'],
  pool: ['work'],
  process: ['idle', 'two'],
  run: ['nothing'],
};

/** Methods that would end the programs or the run that the frames are sent by. */
const ending = new Set(['run.shutdown', 'process.terminate', 'process.kill', 'pool.terminate', 'pool.kill', 'process.join', 'pool.join', 'queue.close', 'pool.close', 'pipe.close']);

class Frames {
  readonly #random: () => number;
  valid = 0;
  /** Requests that are as the client meant them; every one of them is answered. */
  readonly meant: number[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The next frame, as it goes over the wire; `id` is its request's. */
  next(id: number): string {
    const method = this.#pick([...methodNames.filter((name) => !ending.has(name)), 'cancel']);
    const params = this.#params(method, id);
    const isNotification = this.#random() < 0.1;
    const frame = { jsonrpc: '2.0', ...(isNotification ? {} : { id }), method, params, thread: this.#whole(3) };
    const text = JSON.stringify(frame);
    if (this.#random() < 0.5) {
      if (!isNotification) this.meant.push(id);
      if (method === 'cancel' || parseCall(method, params).ok) this.valid += 1;
      return `${text}\n`;
    }
    // Half of a character is no character: what stands for it is never sent, so that whoever sees it knows who broke one.
    return `${this.#mutated(text).replaceAll(/\p{Surrogate}/gu, '')}\n`;
  }

  /** Where the piece ends that begins at `from`: anywhere, and often within a frame or within a character. */
  pieceEnd(bytes: Buffer, from: number): number {
    const kind = this.#random();
    if (kind < 0.3) return from + 1 + this.#whole(8);
    const at = from + 1 + this.#whole(4000);
    if (kind < 0.6) return at;
    const within = bytes.subarray(at).findIndex(isWithinCharacter);
    return within < 0 ? at : at + within;
  }

  /** Whether the door reads the next piece before another comes. */
  isAlone(): boolean {
    return this.#random() < 0.7;
  }

  #params(method: string, id: number): Record<string, Json> {
    const kind = method.split('.')[0] ?? '';
    if (method === 'cancel') return { id: id - 1 - this.#whole(40) };
    const name = this.#pick(names[kind] ?? ['v']);
    const timeout = { timeout_ms: this.#pick([0, 0, 1, 3]) };
    switch (method) {
      case 'lock.acquire':
      case 'semaphore.acquire':
        return { holds: this.#random() < 0.2 ? ['l', 's'] : name, ...timeout };
      case 'lock.release':
      case 'semaphore.release':
        return { holds: name };
      case 'queue.put':
      case 'pool.submit':
      case 'pipe.send':
      case 'value.set':
        return { name, item: this.#item(), ...(method === 'queue.put' || method === 'pipe.send' ? timeout : {}) };
      case 'value.compare_and_set':
        return { name, expected: this.#item(), item: this.#item() };
      case 'pool.result':
        return { name, task: this.#whole(5), ...timeout };
      case 'process.list':
      case 'run.ready':
        return {};
      case 'event.wait':
      case 'barrier.wait':
      case 'condition.wait':
      case 'queue.get':
      case 'queue.join':
      case 'pipe.recv':
        return { name, ...timeout };
      default:
        return { name };
    }
  }

  #item(): Json {
    return this.#pick<Json>([null, true, 1.5, -7, '', 'text\n', 'ü🐘', [1, [2]], { a: { b: null } }]);
  }

  #mutated(text: string): string {
    const at = this.#whole(text.length);
    switch (this.#whole(6)) {
      case 0:
        return text.slice(0, at);
      case 1:
        return text.slice(0, at) + String.fromCodePoint(this.#whole(0x250)) + text.slice(at);
      case 2:
        return text.slice(0, at) + text.slice(at + 1 + this.#whole(5));
      case 3:
        return text.replaceAll(/"[a-z_.]+"/gu, (word) => (this.#random() < 0.2 ? this.#pick(['null', '0', '[]', '{}', '"x"']) : word));
      case 4:
        return text.replaceAll(/\d+/gu, () => this.#pick(['-1', '1e400', '0.5', '99999999999999999999', '"1"']));
      default:
        return text + text;
    }
  }

  #whole(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #pick<T>(list: readonly T[]): T {
    const one = list[this.#whole(list.length)];
    ok(one !== undefined);
    return one;
  }
}

/** Whether a byte goes on with a character that an earlier one has begun. */
function isWithinCharacter(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}

/** So many reads of the door ended within a frame, and so many within a character. */
function splitReads({ reads }: PiecewiseClient): { readonly frames: number; readonly characters: number } {
  return {
    frames: reads.filter((bytes) => bytes.at(-1) !== 0x0a).length,
    characters: reads.filter((bytes) => isWithinCharacter(bytes[0] ?? 0)).length,
  };
}

function invariantsHold(door: OpenDoor): void {
  const snapshot = door.snapshot();
  nobodyIsStranded(door.definitions, snapshot);
  for (const primitive of snapshot.primitives) {
    switch (primitive.kind) {
      case 'lock':
        ok(primitive.holdings.length === 1 - primitive.free);
        break;
      case 'semaphore':
        ok(primitive.free + primitive.holdings.reduce((sum, { permits }) => sum + permits, 0) === 2);
        break;
      case 'queue':
        ok(primitive.name !== 'q' || primitive.items.length <= 5);
        break;
      default:
    }
  }
}

test(`${frameCount} frames, half of them mutated, split anywhere, neither crash nor leak (seed ${seed})`, async () => {
  let steps = 0;
  const door = openDoor(spec, (one) => {
    steps += 1;
    if (steps % 10 === 0) invariantsHold(one);
  });
  const random = randomFrom(seed);
  const frames = new Frames(random);
  const clients = [await openPiecewise(door, 'one', 1), await openPiecewise(door, 'two', 2)] as const;
  const meant = new Map<PiecewiseClient, number[]>(clients.map((client) => [client, []]));
  let id = 0;
  for (let sent = 0; sent < frameCount; ) {
    for (const client of clients) {
      let text = '';
      for (let count = 0; count < 250; count += 1) {
        id += 1;
        sent += 1;
        text += frames.next(id);
      }
      meant.get(client)?.push(...frames.meant.splice(0));
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) {
        const end = frames.pieceEnd(bytes, at);
        const piece = bytes.subarray(at, end);
        at = end;
        if (frames.isAlone()) await client.writeAlone(piece);
        else client.socket.write(piece);
      }
      // As a client does that has something to wait for.
      if (client.socket.writableNeedDrain) await once(client.socket, 'drain');
    }
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  expect(frames.valid / frameCount).toBeGreaterThan(1 / 3);
  for (const client of clients) {
    const { frames: withinFrames, characters } = splitReads(client);
    expect(withinFrames).toBeGreaterThan(1000);
    expect(characters).toBeGreaterThan(300);
  }
  // The door still answers, on both connections, to whoever asks properly, and has answered to all that was asked so.
  for (const client of clients) {
    const open = unanswered(client, meant.get(client) ?? []);
    for (const one of open) client.socket.write(line(`cancel ${String(one)}`, 'cancel', { id: one }));
    client.socket.write(line('last', 'value.get', { name: 'v' }));
    while (client.frames.at(-1)?.id !== 'last') await client.until(client.frames.length + 1);
    expect(unanswered(client, open)).toEqual([]);
    expect(client.frames.filter((frame) => JSON.stringify(frame).includes('\u{FFFD}'))).toEqual([]);
  }
  for (const { socket } of clients) socket.destroy();
  await Promise.all(clients.map(({ closed }) => closed));
  const another = await openStream(door, 'one', 3);
  another.socket.write('{"jsonrpc":"2.0","id":1,"method":"lock.acquire","params":{"holds":["l","r","s"],"timeout_ms":60000}}\n');
  expect(await another.until(1)).toMatchObject([{ result: {} }]);
  expect(door.snapshot().waiting).toEqual([]);
  invariantsHold(door);
});

/** Those of the requests that have no answer. */
function unanswered({ frames }: PiecewiseClient, ids: readonly number[]): readonly number[] {
  const answered = new Set(frames.map(({ id }) => id));
  return ids.filter((id) => !answered.has(id));
}
