import { expect, test } from 'vitest';
import type { OutputGate } from '../../../src/runtime/processes/output-gate.ts';
import { shellRequest, temporaryFifos, temporaryLauncher, temporarySlots, until, type WatchedWorker, watchInSlot, watchWorker } from './worker-harness.ts';

/** Holds a stream after each piece of its output that was read. */
class HoldingGate implements OutputGate {
  readonly #held: (() => void)[] = [];
  readonly #isOpenedSoon: boolean;
  bytes = 0;

  /** `isOpenedSoon`: what is held goes on in the next turn of the event loop. */
  constructor(isOpenedSoon: boolean) {
    this.#isOpenedSoon = isOpenedSoon;
  }

  holds(_stream: 'stdout' | 'stderr', bytes: number, goOn: () => void): boolean {
    this.bytes += bytes;
    if (this.#isOpenedSoon) setImmediate(goOn);
    else this.#held.push(goOn);
    return true;
  }

  mostLines(): number {
    return Number.POSITIVE_INFINITY;
  }

  get holdsNow(): number {
    return this.#held.length;
  }

  letGo(): void {
    for (const goOn of this.#held.splice(0)) goOn();
  }
}

const ways: Readonly<Record<string, (script: string, gate: OutputGate) => WatchedWorker>> = {
  'started by mpctl': (script, gate) => watchWorker(shellRequest(script, { gateOf: () => gate })),
  'started by a launcher': (script, gate) => watchWorker(shellRequest(script, { gateOf: () => gate }), temporaryLauncher()),
  'in a slot': (script, gate) => {
    const fifos = temporaryFifos();
    return watchInSlot(temporarySlots(fifos), shellRequest(script, { fifos, gateOf: () => gate }));
  },
};

test.each(Object.entries(ways))('of a worker %s nothing is lost or doubled, however often it is held', async (_way, start) => {
  const worker = start('seq 100000', new HoldingGate(true));
  await worker.drained;
  expect(worker.stdout).toEqual(Array.from({ length: 100_000 }, (_, at) => String(at + 1)));
  expect(worker.heard.slice(-1)).toEqual(['drained']);
});

test.each(Object.entries(ways))('a worker %s that is held waits in its own write', async (_way, start) => {
  const gate = new HoldingGate(false);
  const worker = start('seq 100000; exec sleep 30', gate);
  await until(() => gate.holdsNow === 1, 'it is held');
  expect(worker.stdout.at(-1)).not.toBe('100000');
  while (worker.stdout.at(-1) !== '100000') {
    await until(() => gate.holdsNow === 1, 'it is held again');
    gate.letGo();
  }
  expect(worker.stdout.length).toBe(100_000);
});

test.each(Object.entries(ways))('the exit of a worker %s is heard while it is held, and the end of its output after that', async (_way, start) => {
  const gate = new HoldingGate(false);
  // As much as a pipe holds, so that it can end although nobody reads; in two pieces.
  const worker = start('echo first; sleep 0.2; seq 8000', gate);
  await worker.exited;
  expect(worker.stdout).toEqual(['first']);
  while (worker.heard.at(-1) !== 'drained') {
    gate.letGo();
    await until(() => worker.heard.at(-1) === 'drained' || gate.holdsNow > 0, 'it is held again, or at its end');
  }
  expect(worker.stdout).toEqual(['first', ...Array.from({ length: 8000 }, (_, at) => String(at + 1))]);
});

test.each(Object.entries(ways))('a worker %s that is killed is read to its end, held or not', async (_way, start) => {
  const gate = new HoldingGate(false);
  const worker = start('echo first; sleep 0.2; seq 8000; echo last >&2; exec sleep 30', gate);
  await worker.lineWith('last');
  expect(worker.stdout).toEqual(['first']);
  worker.handle.signalGroup('SIGKILL');
  await worker.drained;
  expect(worker.stdout.at(-1)).toBe('8000');
});
