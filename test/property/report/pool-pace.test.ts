import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PoolPace } from '../../../src/report/pool-progress.ts';

/** Counts of ended tasks with the time since the count before. */
const counts = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 50 })), { minLength: 1, maxLength: 80 });

interface Told {
  readonly pace: PoolPace;
  readonly atMs: number;
  readonly done: number;
}

function tell(steps: readonly (readonly [afterMs: number, ended: number])[]): Told {
  const pace = new PoolPace();
  pace.note(0, 0);
  let [atMs, done] = [0, 0];
  for (const [afterMs, ended] of steps) {
    atMs += afterMs;
    done += ended;
    pace.note(atMs, done);
  }
  return { pace, atMs, done };
}

describe('the pace of a pool', () => {
  it('is never below nothing or without an end, and says something exactly where a task has ended in some time', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 10_000 }), (steps, laterMs, remaining) => {
        const { pace, atMs, done } = tell(steps);
        const perSecond = pace.perSecond(atMs + laterMs);
        const leftMs = pace.leftMs(atMs + laterMs, remaining);
        const isUnknown = done === 0 || atMs + laterMs === 0;
        expect([perSecond === null, leftMs === null]).toEqual([isUnknown, isUnknown]);
        expect(perSecond ?? 1).toBeGreaterThan(0);
        expect(perSecond ?? 1).toBeLessThan(Number.POSITIVE_INFINITY);
        expect(leftMs ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('only falls, and the time left only grows, while more time passes without an end than ever before', () => {
    fc.assert(
      fc.property(counts, fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 2, maxLength: 6 }), (steps, waits) => {
        const { pace, atMs } = tell(steps);
        const overdueMs = atMs + Math.max(...steps.map(([afterMs]) => afterMs));
        const moments = waits.toSorted((a, b) => a - b).map((waitMs) => overdueMs + waitMs);
        const rates = moments.map((nowMs) => pace.perSecond(nowMs) ?? 0);
        expect(rates).toEqual(rates.toSorted((a, b) => b - a));
        const left = moments.map((nowMs) => pace.leftMs(nowMs, 1_000_000_000) ?? 0);
        expect(left).toEqual(left.toSorted((a, b) => a - b));
      }),
    );
  });

  it('is exact for tasks that end at one rate, alone or in bunches, and stands still between two ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 100, max: 30_000 }), fc.nat({ max: 999 }), (times, bunch, everyMs, permille) => {
        const share = permille / 1000;
        const { pace, atMs } = tell(Array.from({ length: times }, () => [everyMs, bunch] as const));
        const nowMs = atMs + share * everyMs;
        expect(pace.perSecond(nowMs)).toBeCloseTo((1000 * bunch) / everyMs, 6);
        expect(pace.leftMs(nowMs, 5 * bunch)).toBeCloseTo(5 * everyMs - share * everyMs, 3);
      }),
    );
  });

  it('follows a change once the window is over, whatever was before', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }), (before, first, second) => {
        // Twenty seconds at a rate, told every quarter of a second as a run does.
        const steady = (perSecond: number): readonly (readonly [number, number])[] => Array.from({ length: 80 }, () => [250, perSecond] as const);
        const { pace, atMs } = tell([...before, ...steady(first), ...steady(second)]);
        expect(pace.perSecond(atMs)).toBeCloseTo(4 * second, 6);
      }),
    );
  });
});
