import { expect, test } from 'vitest';
import type { SpawnOrder } from '../../../src/engine/effect.ts';
import type { Viewer } from '../../../src/runtime/viewer.ts';
import { Viewing } from '../../../src/runtime/viewing.ts';

const kib = 1024;

/** Somebody who takes what he is given when the test says so. */
class SlowViewer implements Viewer {
  readonly lastLines = 51;
  pending = 0;
  #caughtUp = (): void => {};

  pendingBytes(): number {
    return this.pending;
  }

  onCaughtUp(listener: () => void): void {
    this.#caughtUp = listener;
  }

  takeAll(): void {
    this.pending = 0;
    this.#caughtUp();
  }
}

function order(key: number, changes: Partial<SpawnOrder> = {}): SpawnOrder {
  return {
    key,
    instance: `p${String(key)}`,
    argv: ['true'],
    workingDir: '/',
    environment: [],
    stdin: { type: 'null' },
    stdout: { type: 'log' },
    stderr: { type: 'log' },
    collect: false,
    jobserver: null,
    tty: false,
    slot: false,
    maxLineBytes: 64 * kib,
    ...changes,
  };
}

test('without a viewer nobody waits, and everything is shown', () => {
  const viewing = new Viewing(null);
  expect(viewing.gateOf(order(1), () => false).holds('stdout', 1e9, () => {})).toBe(false);
  expect(viewing.takes(1)).toBe(true);
});

test('who writes much waits for a viewer that is behind, until it has caught up', () => {
  const viewer = new SlowViewer();
  const gate = new Viewing(viewer).gateOf(order(1), () => false);
  expect(gate.holds('stdout', 64 * kib, () => {})).toBe(false);
  viewer.pending = 300 * kib;
  let wentOn = 0;
  expect(gate.holds('stdout', 64 * kib, () => (wentOn += 1))).toBe(true);
  viewer.takeAll();
  viewer.takeAll();
  expect(wentOn).toBe(1);
  expect(gate.holds('stdout', 64 * kib, () => {})).toBe(false);
});

test('who writes little does not wait for those who write much, and waits once it was much', () => {
  const viewer = new SlowViewer();
  const gate = new Viewing(viewer).gateOf(order(1), () => false);
  viewer.pending = 300 * kib;
  expect(gate.holds('stdout', 10 * kib, () => {})).toBe(false);
  expect(gate.holds('stderr', 5 * kib, () => {})).toBe(false);
  expect(gate.holds('stdout', 2 * kib, () => {})).toBe(true);
  viewer.takeAll();
  viewer.pending = 300 * kib;
  expect(gate.holds('stdout', 10 * kib, () => {})).toBe(false);
});

test('those who go on give the viewer no more than it takes: the others go on waiting', () => {
  const viewer = new SlowViewer();
  const viewing = new Viewing(viewer);
  const wentOn: number[] = [];
  viewer.pending = 300 * kib;
  for (const key of [1, 2, 3]) {
    viewing.gateOf(order(key), () => false).holds('stdout', 64 * kib, () => {
      wentOn.push(key);
      if (key === 2) viewer.pending = 300 * kib;
    });
  }
  viewer.takeAll();
  expect(wentOn).toEqual([1, 2]);
  viewer.takeAll();
  expect(wentOn).toEqual([1, 2, 3]);
});

test.each([
  { what: 'another file', changes: { stdout: { type: 'file', file: 'out' } } },
  { what: 'a queue', changes: { stdout: { type: 'lines' } } },
  { what: 'a pseudo-terminal', changes: { tty: true } },
] satisfies { readonly what: string; readonly changes: Partial<SpawnOrder> }[])('nothing is held of $what', ({ changes }) => {
  const viewer = new SlowViewer();
  viewer.pending = 300 * kib;
  expect(new Viewing(viewer).gateOf(order(1, changes), () => false).holds('stdout', 64 * kib, () => {})).toBe(false);
});

const instanceStops = { type: 'instance.stopping', instance: 'p1', signal: 'SIGTERM', graceMs: 1, why: '', step: false } as const;

test('what is being stopped goes on at once, and what does not fit is not shown', () => {
  const viewer = new SlowViewer();
  const viewing = new Viewing(viewer);
  const wentOn: number[] = [];
  viewer.pending = 300 * kib;
  const gates = [1, 2].map((key) => {
    const gate = viewing.gateOf(order(key), () => false);
    gate.holds('stdout', 64 * kib, () => wentOn.push(key));
    return gate;
  });
  viewing.heard(instanceStops);
  expect(wentOn).toEqual([1]);
  expect(gates[0]?.holds('stdout', 64 * kib, () => {})).toBe(false);
  expect(viewing.takes(1)).toBe(true);
  viewer.pending = 3000 * kib;
  expect([viewing.takes(1), viewing.takes(2)]).toEqual([false, true]);
  expect(viewing.unshownLines).toBe(1);
  viewer.takeAll();
  expect(viewing.takes(1)).toBe(true);
  expect(wentOn).toEqual([1, 2]);
});

test('what is started to stop it does not wait either, until it is started again', () => {
  const viewer = new SlowViewer();
  const viewing = new Viewing(viewer);
  viewer.pending = 300 * kib;
  viewing.heard(instanceStops);
  expect(viewing.gateOf(order(3, { instance: 'p1' }), () => false).holds('stdout', 64 * kib, () => {})).toBe(false);
  viewing.heard({ type: 'instance.started', instance: 'p1', pid: 1, attempt: 2 });
  expect(viewing.gateOf(order(4, { instance: 'p1' }), () => false).holds('stdout', 64 * kib, () => {})).toBe(true);
});

test('what has ended goes on, and all of what it has left is shown', () => {
  const viewer = new SlowViewer();
  const viewing = new Viewing(viewer);
  let wentOn = 0;
  viewer.pending = 300 * kib;
  viewing.gateOf(order(1), () => false).holds('stdout', 64 * kib, () => (wentOn += 1));
  viewing.exited(1);
  expect(wentOn).toBe(1);
  viewer.pending = 3000 * kib;
  expect(viewing.takes(1)).toBe(true);
});

test.each(['run.stopping', 'run.signal'] as const)('with %s nobody waits any more, nor whoever begins after that', (type) => {
  const viewer = new SlowViewer();
  const viewing = new Viewing(viewer);
  let wentOn = 0;
  viewer.pending = 300 * kib;
  viewing.gateOf(order(1), () => false).holds('stdout', 64 * kib, () => (wentOn += 1));
  viewing.heard(type === 'run.stopping' ? { type, cause: 'failure', why: '' } : { type, signal: 'SIGINT', rung: 1, killInMs: null });
  expect(wentOn).toBe(1);
  expect(viewing.gateOf(order(2), () => false).holds('stdout', 64 * kib, () => {})).toBe(false);
});
