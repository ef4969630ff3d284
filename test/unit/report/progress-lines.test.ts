import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/engine/run-event.ts';
import { ProgressLines } from '../../../src/report/progress-lines.ts';
import { RunRecord } from '../../../src/report/run-record.ts';
import { event, runStarted } from '../../rig/events.ts';

/** The moments and lines of a pool that tells every quarter of a second how far it is, at one rate. */
function linesOf(total: number | null, perSecond: number, seconds: number): readonly (readonly [atMs: number, line: string])[] {
  const record = new RunRecord();
  const lines = new ProgressLines(record);
  const told: [number, string][] = [];
  const take = (next: RunEvent): void => {
    record.handle(next);
    for (const line of lines.on(next)) told.push([next.at, line]);
  };
  take(runStarted([], [{ name: 'p', workers: 4 }]));
  take(event(0, { type: 'pool.started', pool: 'p' }));
  for (let atMs = 250; atMs <= seconds * 1000; atMs += 250) {
    const done = Math.floor((atMs * perSecond) / 1000);
    take(event(atMs, { type: 'pool.progress', pool: 'p', done, failed: 0, running: 4, total }));
  }
  return told;
}

const seconds = (lines: readonly (readonly [number, string])[]): readonly number[] => lines.map(([atMs]) => atMs / 1000);

describe('the lines of progress in a log', () => {
  test('are none for a pool that is over within two seconds', () => {
    expect(linesOf(1000, 500, 2)).toEqual([]);
    expect(linesOf(1000, 500, 1.75)).toEqual([]);
  });

  test('say how far it is, how fast, and how long it will take', () => {
    expect(linesOf(1000, 100, 3)).toEqual([[2000, '`p`: 200/1000 done, 4 running, 100/s, 8.0 s left']]);
  });

  test('come every ten seconds at most', () => {
    expect(seconds(linesOf(1000, 20, 50))).toEqual([2, 12, 22, 32, 42]);
  });

  test('come with a tenth of the tasks at most, but with every minute', () => {
    expect(seconds(linesOf(1000, 4, 250))).toEqual([2, 27, 52, 77, 102, 127, 152, 177, 202, 227]);
    expect(seconds(linesOf(1000, 1, 250))).toEqual([2, 62, 122, 182, 242]);
    expect(seconds(linesOf(null, 100, 130))).toEqual([2, 62, 122]);
  });

  test('come no more once the run is being stopped, and begin anew with the next life of a pool', () => {
    const record = new RunRecord();
    const lines = new ProgressLines(record);
    const take = (next: RunEvent): readonly string[] => {
      record.handle(next);
      return lines.on(next);
    };
    const far = (at: number, done: number): RunEvent => event(at, { type: 'pool.progress', pool: 'p', done, failed: 0, running: 1, total: 10 });
    take(runStarted([], [{ name: 'p', workers: 1 }]));
    take(event(0, { type: 'pool.started', pool: 'p' }));
    expect(take(far(3000, 1))).toHaveLength(1);
    take(event(4000, { type: 'pool.ended', pool: 'p', state: 'stopped', reason: 'stopped', succeeded: 1, failed: 0, cancelled: 9, durationMs: 4000, why: '', allowed: false }));
    take(event(5000, { type: 'pool.started', pool: 'p' }));
    expect(take(far(6000, 1))).toEqual([]);
    expect(take(far(8000, 2))).toEqual(['`p`: 2/10 done, 1 running, 0.7/s, 12.0 s left']);
    take(event(19_000, { type: 'run.stopping', cause: 'shutdown', why: '' }));
    expect(take(far(20_000, 9))).toEqual([]);
  });
});
