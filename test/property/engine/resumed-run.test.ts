import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EarlierTasks } from '../../../src/engine/earlier-tasks.ts';
import { itemDigest } from '../../../src/engine/item-digest.ts';
import type { RunEvent } from '../../../src/engine/run-event.ts';
import { play } from '../../rig/virtual-play.ts';

/** What each task does at its first attempt; the second run finds everything mended. */
const programs = ['sleep 1', 'sleep 5', 'sleep 40', 'exit 3', 'exit 1', 'die SIGKILL', 'fail 127'] as const;

interface Plan {
  readonly items: readonly (typeof programs)[number][];
  readonly workers: number;
  readonly order: string;
  readonly attempts: number;
  readonly onlyFailed: boolean;
  readonly source: 'list' | 'lines';
  /** When the first run is sent a signal; null for never. */
  readonly signalMs: number | null;
  readonly seed: number;
}

const plans: fc.Arbitrary<Plan> = fc.record({
  items: fc.array(fc.constantFrom(...programs), { maxLength: 12 }),
  workers: fc.integer({ min: 1, max: 4 }),
  order: fc.constantFrom('input', 'completion'),
  attempts: fc.integer({ min: 1, max: 2 }),
  onlyFailed: fc.boolean(),
  source: fc.constantFrom('list', 'lines'),
  signalMs: fc.option(fc.integer({ min: 1, max: 120 })),
  seed: fc.integer(),
});

function specOf({ items, workers, order, attempts, source }: Plan, command: string): string {
  const tasks = source === 'list' ? JSON.stringify(items) : '{ lines: items }';
  const retry = `retry: { attempts: ${attempts}, backoff: { initial: 3ms } }`;
  return `on_failure: continue
pools: { p: { workers: ${workers}, tasks: ${tasks}, order: ${order}, ${retry}, results: { file: results }, command: "${command}" } }`;
}

function earlierOf(events: readonly RunEvent[], onlyFailed: boolean): EarlierTasks {
  const earlier = new EarlierTasks(onlyFailed);
  for (const event of events) {
    if (event.type === 'task.ended' && event.fate !== 'cancelled') earlier.note(event.task, event.fate, itemDigest(event.item));
  }
  return earlier;
}

describe('a run that goes on from another', () => {
  it('runs each task that is to run once, and none that has succeeded', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { items, onlyFailed, signalMs, seed } = plan;
        const sources = { p: items };
        const first = play(specOf(plan, '$MPCTL_ITEM'), { seed, sources, signals: signalMs === null ? [] : [{ atMs: signalMs, signal: 'SIGINT' }] });
        const fates = new Map(first.of('task.ended').map(({ task, fate }) => [task, fate]));
        const second = play(specOf(plan, 'sleep 2'), { seed: seed + 1, sources, earlier: new Map([['p', earlierOf(first.events, onlyFailed)]]) });
        const numbers = items.map((_, number) => number);
        const expected = numbers.filter((number) => {
          const fate = fates.get(number) ?? 'cancelled';
          return onlyFailed ? fate !== 'succeeded' && fate !== 'cancelled' : fate !== 'succeeded';
        });
        const ran = second.of('task.ended').map(({ task, item, fate }) => ({ task, item, fate })).toSorted((a, b) => a.task - b.task);
        expect(ran).toEqual(expected.map((task) => ({ task, item: items[task], fate: 'succeeded' })));
        const recorded = second.records.map(({ task }) => task);
        expect(plan.order === 'input' ? recorded : recorded.toSorted((a, b) => a - b)).toEqual(expected);
        const skipped = numbers.filter((number) => fates.get(number) === 'succeeded').length;
        const leftOut = items.length - skipped - expected.length;
        const ends = second.of('pool.ended').map((end) => [end.state, end.succeeded, end.failed, end.cancelled, end.skipped ?? 0, end.leftOut ?? 0]);
        expect(ends).toEqual([['succeeded', items.length - leftOut, 0, 0, skipped, leftOut]]);
        for (const { done, total } of second.of('pool.progress')) expect(done).toBeLessThanOrEqual(total ?? items.length);
        expect(second.of('warning').map(({ code }) => code)).toEqual(items.length === 0 ? ['MP840'] : []);
      }),
      { numRuns: 150 },
    );
  });
});
