import { ok } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { methodNames } from '../../../src/protocol/parse-call.ts';
import { nobodyIsStranded } from '../../property/sync/nobody-is-stranded.ts';
import { randomFrom } from '../../rig/virtual-random.ts';
import { line, openDoor, openStream, type OpenDoor } from './door-harness.ts';
import { openPiecewise, type PiecewiseClient } from './door-peer.ts';
import { isWithinCharacter, RandomFrames, specOfFrames } from './random-frames.ts';
import { until } from './worker-harness.ts';

const frameCount = 100_000;
const lastFrameCount = 2000;
const seed = Number(process.env['SEED'] ?? 20_261_128);

/** All but the one that ends the run. */
const goingOn = methodNames.filter((name) => name !== 'run.shutdown');

/** Sends so many frames over the clients in turn, in pieces, and gives the requests that each client meant. */
async function sendFrames(
  clients: readonly PiecewiseClient[],
  frames: RandomFrames,
  ids: { readonly first: number; readonly count: number },
  methods: readonly string[],
): Promise<ReadonlyMap<PiecewiseClient, readonly number[]>> {
  const meant = new Map<PiecewiseClient, number[]>(clients.map((client) => [client, []]));
  const end = ids.first + ids.count;
  for (let id = ids.first; id < end; ) {
    for (const client of clients) {
      let text = '';
      for (let count = 0; count < 250; count += 1) {
        text += frames.next(id, methods);
        id += 1;
      }
      meant.get(client)?.push(...frames.meant.splice(0));
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) {
        const pieceEnd = frames.pieceEnd(bytes, at);
        const piece = bytes.subarray(at, pieceEnd);
        at = pieceEnd;
        if (frames.isAlone()) await client.writeAlone(piece);
        else client.socket.write(piece);
      }
      // As a client does that has something to wait for.
      const { socket } = client;
      while (socket.writableNeedDrain && !socket.destroyed) await turn();
    }
    await turn();
  }
  return meant;
}

/** The door still answers whoever asks properly, has answered all that was asked so, and keeps nothing of it. */
async function expectAnswers(door: OpenDoor, meant: ReadonlyMap<PiecewiseClient, readonly number[]>): Promise<void> {
  for (const [client, ids] of meant) {
    const open = unanswered(client, ids);
    for (const one of open) client.socket.write(line(`cancel ${String(one)}`, 'cancel', { id: one }));
    client.socket.write(line('last', 'value.get', { name: 'v' }));
    while (!client.frames.some(({ id }) => id === 'last')) await client.until(client.frames.length + 1);
    expect(unanswered(client, open)).toEqual([]);
    expect(client.frames.filter((frame) => JSON.stringify(frame).includes('\u{FFFD}'))).toEqual([]);
  }
  const waiters = ['one', 'two'].flatMap((instance) => door.clientsOf(instance).waiters);
  expect(waiters.filter(({ call }) => !door.isUnderWay(call))).toEqual([]);
  for (const { socket } of meant.keys()) socket.destroy();
  await Promise.all([...meant.keys()].map(({ closed }) => closed));
}

/** Those of the requests that have no answer. */
function unanswered({ frames }: PiecewiseClient, ids: readonly number[]): readonly number[] {
  const answered = new Set(frames.map(({ id }) => id));
  return ids.filter((id) => !answered.has(id));
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
      case 'barrier':
        ok(primitive.arrived.length < 2);
        break;
      case 'queue': {
        const lent = primitive.ahead.flatMap(({ items }) => items);
        ok(primitive.name !== 'q' || primitive.items.length + lent.length + primitive.reserved.reduce((sum, { count }) => sum + count, 0) <= 5);
        ok(primitive.unfinished >= primitive.items.length + lent.length + primitive.inHand.length);
        const ids = [...primitive.items, ...lent, ...primitive.inHand].map(({ itemId }) => itemId);
        ok(new Set(ids).size === ids.length && ids.every((one) => one < primitive.nextItemId));
        break;
      }
      case 'pipe':
        ok(primitive.name === 'far' || primitive.inbound.every((messages) => messages.length <= 3));
        break;
      default:
    }
  }
}

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

function lends(door: OpenDoor): boolean {
  return door.snapshot().primitives.some((primitive) => primitive.kind === 'queue' && primitive.ahead.some(({ items }) => items.length > 0));
}

test(`${frameCount} frames, half of them mutated, split anywhere, neither crash nor leak (seed ${seed})`, async () => {
  let loans = 0;
  const door = openDoor(specOfFrames, (one) => {
    invariantsHold(one);
    if (lends(one)) loans += 1;
  });
  const frames = new RandomFrames(randomFrom(seed));
  const before = openDescriptors();
  const clients = [await openPiecewise(door, 'one', 1), await openPiecewise(door, 'two', 2)];
  const meant = await sendFrames(clients, frames, { first: 1, count: frameCount }, goingOn);
  expect(frames.valid / frameCount).toBeGreaterThan(1 / 3);
  // Not only read: so many were done.
  expect(clients.flatMap((client) => client.frames).filter((frame) => 'result' in frame).length / frameCount).toBeGreaterThan(1 / 3);
  expect([...frames.validMethods].toSorted()).toEqual([...goingOn, 'cancel', 'wait.only'].toSorted());
  expect(clients.flatMap((client) => client.frames).filter(({ error }) => error?.message.includes('within each other') === true).length).toBeGreaterThan(20);
  expect(loans).toBeGreaterThan(10);
  for (const client of clients) {
    const { frames: withinFrames, characters } = splitReads(client);
    expect(withinFrames).toBeGreaterThan(1000);
    expect(characters).toBeGreaterThan(300);
  }
  await expectAnswers(door, meant);
  const another = await openStream(door, 'one', 3);
  another.socket.write('{"jsonrpc":"2.0","id":1,"method":"lock.acquire","params":{"holds":["l","r","s"],"timeout_ms":60000}}\n');
  expect(await another.until(1)).toMatchObject([{ result: {} }]);
  expect(door.snapshot().waiting).toEqual([]);
  invariantsHold(door);
  expect(door.leftovers()).toEqual({ unanswered: 0, calledOffLate: 0, keptByDesk: 0 });
  // Of what the door and its clients share nothing is left, and no descriptor is open but the two of the last client.
  await until(() => door.clientFiles().length === 0, 'the files of the clients are gone');
  expect(openDescriptors()).toBe(before + 2);
  // And now the run may end, too.
  const last = [await openPiecewise(door, 'one', 4), await openPiecewise(door, 'two', 5)];
  await sendFrames(last, frames, { first: frameCount + 1, count: lastFrameCount }, methodNames);
  await Promise.all(last.map(({ closed }) => closed));
  expect(frames.validMethods).toContain('run.shutdown');
  expect(door.leftovers().calledOffLate).toBe(0);
  expect(door.snapshot().waiting).toEqual([]);
});
