import { describe, expect, it } from 'vitest';
import { barLine } from '../../../cmd/pool/bar-line.ts';
import { PoolPace, type PoolProgress } from '../../../src/report/pool-progress.ts';

/** What the line says after so long, where tasks have ended at an even pace. */
function lineOf(progress: Partial<PoolProgress>, elapsedMs: number, columns = 100, color = false): string {
  const counts = { done: 0, failed: 0, running: 0, total: null, skipped: 0, leftOut: 0, ...progress };
  const pace = new PoolPace();
  for (let done = 0; done <= counts.done; done += 1) pace.note((elapsedMs * done) / Math.max(1, counts.done), done);
  return barLine(counts, pace, elapsedMs, { columns, color });
}

describe('the line of `mpctl pool --bar`', () => {
  it.each([
    [{ running: 4 }, 0, '0 done, 4 running'],
    [{ done: 25, running: 4, total: 100 }, 10_000, `${'█'.repeat(7)}${'░'.repeat(23)}  25/100 done, 4 running, 2.5/s, 30.0 s left`],
    [{ done: 100, failed: 3, total: 100 }, 5000, `${'█'.repeat(30)}  3 failed, 100/100 done, 0 running, 20/s`],
    [{ total: 0 }, 5, '0/0 done, 0 running'],
  ])('of %j after %d ms', (progress, elapsedMs, expected) => {
    expect(lineOf(progress, elapsedMs)).toBe(expected);
  });

  it('is red where something failed, and fits the terminal', () => {
    const progress = { done: 5, failed: 2, running: 1, total: 10 };
    expect(lineOf(progress, 1000, 100, true)).toContain('  \u001B[31m2 failed\u001B[39m, 5/10 done');
    for (let columns = 1; columns < 100; columns += 1) expect(lineOf(progress, 1000, columns).length).toBeLessThan(columns);
    expect(lineOf(progress, 1000, 40)).toBe('2 failed, 5/10 done, 1 running, 5.0/s, ');
  });
});
