import { expect, it } from 'vitest';
import { RunTime } from '../../../src/runtime/run-time.ts';
import { whileStopped } from '../../../src/runtime/running-ms.ts';

const sleeper = new Int32Array(new SharedArrayBuffer(4));
/** Two clocks of which one has whole milliseconds, in ms. */
const toleranceMs = 2;

/** What the wall clock shows just before and just after. */
function around<T>(act: () => T): { readonly value: T; readonly fromMs: number; readonly toMs: number } {
  const fromMs = Date.now() - toleranceMs;
  const value = act();
  return { value, fromMs, toMs: Date.now() + toleranceMs };
}

it('stands while mpctl is stopped, says for how long that was, and knows what the wall clock showed before and after', () => {
  const told: number[] = [];
  const { value: time, ...begun } = around(() => new RunTime((stoppedMs) => told.push(stoppedMs)));
  Atomics.wait(sleeper, 0, 0, 20);
  const before = around(time.nowMs);
  const { fromMs: stopsMs, toMs: goesOnMs } = around(() => whileStopped(() => Atomics.wait(sleeper, 0, 0, 200)));
  const after = around(time.nowMs);
  time.close();
  const [stoppedMs = 0, ...others] = told;
  expect(others).toEqual([]);
  expect(stoppedMs).toBeGreaterThan(199);
  expect(stoppedMs).toBeLessThan(goesOnMs - stopsMs);
  expect(after.value - before.value).toBeLessThan(after.toMs - before.fromMs - stoppedMs);
  for (const { atMs, fromMs, toMs } of [{ atMs: 0, ...begun }, { atMs: before.value, ...before }, { atMs: after.value, ...after }]) {
    expect(time.wallMs(atMs)).toBeGreaterThan(fromMs);
    expect(time.wallMs(atMs)).toBeLessThan(toMs);
  }
});

it('is 0 when the run begins, however long ago it was made, and whatever has stopped mpctl by then', () => {
  const time = new RunTime(() => {});
  whileStopped(() => Atomics.wait(sleeper, 0, 0, 200));
  Atomics.wait(sleeper, 0, 0, 20);
  const begun = around(() => time.begin());
  const now = around(time.nowMs);
  time.close();
  expect(now.value).toBeLessThan(now.toMs - begun.fromMs);
  expect(time.wallMs(1)).toBeGreaterThan(begun.fromMs);
  expect(time.wallMs(1)).toBeLessThan(begun.toMs + 1);
});
