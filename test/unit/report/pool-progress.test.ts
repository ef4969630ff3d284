import { describe, expect, test } from 'vitest';
import { describeProgress, PoolPace, progressBar, type PoolProgress } from '../../../src/report/pool-progress.ts';

function progress(part: Partial<PoolProgress>): PoolProgress {
  return { done: 0, failed: 0, running: 0, total: null, skipped: 0, leftOut: 0, ...part };
}

describe('how far a pool is', () => {
  const pace = new PoolPace();
  pace.note(0, 0);
  pace.note(10_000, 40);

  test.each([
    ['failures come first', progress({ done: 40, failed: 2, running: 4, total: 100 }), pace, '2 failed, 40/100 done, 4 running, 4.0/s, 15.0 s left'],
    ['no estimate without a total', progress({ done: 40, running: 4 }), pace, '40 done, 4 running, 4.0/s'],
    ['no estimate where nothing is left', progress({ done: 40, total: 40 }), pace, '40/40 done, 0 running, 4.0/s'],
    ['no rate before the first end', progress({ done: 0, running: 4, total: 100 }), new PoolPace(), '0/100 done, 4 running'],
    ['what did not have to run is done and counts for no rate', progress({ done: 90, skipped: 40, leftOut: 10, running: 1, total: 100 }), pace, '90/100 done (40 before, 10 left out), 1 running, 4.0/s, 2.5 s left'],
  ])('%s', (_, told, at, text) => {
    expect(describeProgress(told, at, 10_000)).toBe(text);
  });

  test.each([
    [progress({ done: 0, total: 4 }), '░░░░'],
    [progress({ done: 3, total: 4 }), '███░'],
    [progress({ done: 9, total: 4 }), '████'],
    [progress({ done: 3 }), ''],
    [progress({ done: 0, total: 0 }), ''],
  ])('%j is the bar %s', (told, bar) => {
    expect(progressBar(told, 4)).toBe(bar);
  });
});
