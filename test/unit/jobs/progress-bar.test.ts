import { describe, expect, it } from 'vitest';
import { progressBar } from '../../../src/jobs/progress-bar.ts';
import { Remedian } from '../../../src/jobs/remedian.ts';

describe('the progress bar', () => {
  it.each([
    [{ done: 0, failed: 0, total: null, elapsedMs: 0 }, '0/?  0.0/s'],
    [{ done: 25, failed: 0, total: 100, elapsedMs: 10_000 }, `${'█'.repeat(7)}${'░'.repeat(23)}  25/100  2.5/s  0:30 left`],
    [{ done: 100, failed: 3, total: 100, elapsedMs: 5000 }, `${'█'.repeat(30)}  100/100  20/s  3 failed`],
    [{ done: 1, failed: 1, total: 3601, elapsedMs: 3000 }, `${'░'.repeat(30)}  1/3601  0.3/s  3:00:00 left  1 failed`],
    [{ done: 0, failed: 0, total: 0, elapsedMs: 5 }, `${'░'.repeat(30)}  0/0  0.0/s`],
  ])('of %j', (progress, expected) => {
    expect(progressBar(progress, 100, false)).toBe(expected);
  });

  it('is red where something failed, and fits the terminal', () => {
    const progress = { done: 5, failed: 2, total: 10, elapsedMs: 1000 };
    expect(progressBar(progress, 100, true)).toContain('\u001B[31m  2 failed\u001B[39m');
    for (let columns = 1; columns < 100; columns += 1) expect(progressBar(progress, columns, false).length).toBeLessThan(columns);
    expect(progressBar(progress, 40, false)).toBe('5/10  5.0/s  0:01 left  2 failed');
  });
});

describe('the median of many', () => {
  it('is exact for few and near for many', () => {
    const few = new Remedian();
    expect(few.median).toBeNull();
    for (const value of [5, 1, 9, 3]) few.add(value);
    expect(few.median).toBe(3);
    const many = new Remedian();
    for (let value = 0; value < 10_000; value += 1) many.add((value * 7919) % 10_000);
    expect(many.median).toBeGreaterThan(4000);
    expect(many.median).toBeLessThan(6000);
  });
});
