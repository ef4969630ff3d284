/*
 * The long-lived workers of a pool against a model: what becomes of a task depends on what it makes its
 * worker do, on its own attempts and on nothing else, however many others die around it, are handed over
 * together with it or wait before it. That each task has one fate, that no more run at once than there are
 * slots, and that a slot has one worker at a time, is looked at after every step (`virtual-watch.ts`).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskFate } from '../../../src/plan/plan.ts';
import { planOf } from '../../rig/virtual-plan.ts';
import { runVirtually, type WorldResult } from '../../rig/virtual-world.ts';
import type { WorldOptions } from '../../rig/world-options.ts';

/** The fate of a task whose every attempt goes as its item says. */
const fates: Readonly<Record<string, TaskFate>> = {
  '0': 'succeeded',
  '2': 'succeeded',
  '25': 'succeeded',
  last: 'succeeded',
  error: 'failed',
  die: 'lost',
  killed: 'lost',
  quit: 'lost',
  stray: 'lost',
  other: 'lost',
  return: 'lost',
  hang: 'timed_out',
  close: 'lost',
  flaky: 'lost',
};

/** A worker that writes what it should not goes on with the next task until it is ended, and so uses up the first time of a flaky one. */
const wrong = new Set(['stray', 'other', 'return']);
const doings = Object.keys(fates);
const items = fc.oneof(
  fc.array(fc.constantFrom('0', '0', '2', '2', '25', ...doings.filter((doing) => doing !== 'flaky')), { minLength: 1, maxLength: 14 }),
  fc.array(fc.constantFrom('0', '0', '2', '2', '25', ...doings.filter((doing) => !wrong.has(doing))), { minLength: 1, maxLength: 14 }),
);

interface Keys {
  readonly workers: number;
  readonly chunk: number;
  readonly order: string;
  readonly attempts: number;
  readonly maxTasks: number | null;
  readonly isInitialized: boolean;
  readonly isHeld: boolean;
  readonly items: readonly string[];
  readonly program: string;
  readonly seed: number;
}

const keys: fc.Arbitrary<Keys> = fc.record({
  workers: fc.integer({ min: 1, max: 3 }),
  chunk: fc.constantFrom(1, 1, 2, 5),
  order: fc.constantFrom('input', 'completion'),
  attempts: fc.integer({ min: 1, max: 3 }),
  maxTasks: fc.constantFrom(null, null, 1, 3),
  isInitialized: fc.boolean(),
  isHeld: fc.nat(4).map((dice) => dice === 0),
  items,
  program: fc.constantFrom('serve', 'serve', 'hoard'),
  seed: fc.nat(),
});

function run(chosen: Keys, more: object, options: WorldOptions = {}): WorldResult {
  const { workers, chunk, order, attempts, maxTasks, isInitialized, isHeld, seed } = chosen;
  const pool = {
    workers,
    worker: chosen.program,
    chunk,
    order,
    tasks: chosen.items,
    timeout: '70ms',
    retry: { attempts, backoff: { initial: '10ms' } },
    stop: { grace_period: '200ms' },
    results: { file: 'results.jsonl' },
    ...(maxTasks === null ? {} : { max_tasks_per_worker: maxTasks }),
    ...(isInitialized ? { initializer: 'sleep 2' } : {}),
    ...(isHeld ? { with: [{ name: 'slots', permits: 1 }] } : {}),
    ...more,
  };
  const spec = JSON.stringify({ semaphores: { slots: 2 }, events: { never: null }, processes: { other: { command: 'sleep 1', uses: { never: 'set' } } }, pools: { pool } });
  return runVirtually(planOf(spec), { seed, ...options });
}

/** What the model says of a task: its fate and how many attempts it takes. */
function expected(item: string, attempts: number): readonly [TaskFate, number] {
  if (item === 'flaky' && attempts > 1) return ['succeeded', 2];
  const fate = fates[item] ?? 'succeeded';
  return [fate, fate === 'succeeded' ? 1 : attempts];
}

function ended(result: WorldResult): Extract<WorldResult['events'][number], { type: 'pool.ended' }> | undefined {
  return result.events.find((event) => event.type === 'pool.ended');
}

/** Its workers died one after the other, so that the pool has given up. */
function hasGivenUp(result: WorldResult): boolean {
  return ended(result)?.why.includes('workers in a row') === true;
}

describe('a pool of long-lived workers, whatever its tasks make them do', () => {
  it('gives each task the fate that it has earned itself, after as many attempts', () => {
    let looked = 0;
    fc.assert(
      fc.property(keys, (chosen) => {
        const result = run(chosen, {});
        fc.pre(!hasGivenUp(result));
        looked += 1;
        const told = result.records.toSorted((one, other) => one.task - other.task);
        expect(told.map(({ fate, attempts }) => [fate, attempts])).toEqual(chosen.items.map((item) => expected(item, chosen.attempts)));
        expect(chosen.order === 'input' ? result.records : told).toEqual(told);
        const isWell = told.every(({ fate }) => fate === 'succeeded');
        expect(ended(result)?.state).toBe(isWell ? 'succeeded' : 'failed');
      }),
      { numRuns: 250, maxSkipsPerRun: 20 },
    );
    expect(looked).toBeGreaterThan(0);
  });

  it('ends after five workers in a row that answered nothing, and leaves no task without a fate', () => {
    fc.assert(
      fc.property(keys, fc.constantFrom('exit 1', 'sleep 3', 'die SIGSEGV'), (chosen, worker) => {
        const result = run(chosen, { worker });
        expect(ended(result)?.state).toBe('failed');
        expect(result.records).toHaveLength(chosen.items.length);
        const spawned = result.effects.filter((effect) => effect.type === 'spawn' && effect.order.stdin.type === 'tasks');
        // Those that were on their way when the fifth died are heard of, too.
        expect(spawned.length).toBeLessThanOrEqual(5 + chosen.workers - 1);
      }),
      { numRuns: 100 },
    );
  });

  it('stops for a halt, a signal or whoever terminates it, with one fate for each task', () => {
    const halts = fc.constantFrom({}, { halt: { after: 1 } }, { halt: { after: 2 }, on_halt: 'kill' }, { halt: { after: '30%' }, on_halt: 'kill' });
    const worker = fc.constantFrom('serve', 'ignore SIGTERM; hoard', 'trap SIGTERM 30 0; serve', 'cling 150; serve');
    const signals = fc.array(fc.record({ atMs: fc.integer({ min: 0, max: 150 }), signal: fc.constantFrom('SIGINT', 'SIGTERM') }), { maxLength: 1 });
    fc.assert(
      fc.property(keys, halts, worker, signals, fc.boolean(), (chosen, halt, program, sent, isTwice) => {
        const given = isTwice ? [...chosen.items, 'twice', '0', '2'] : chosen.items;
        const result = run({ ...chosen, items: given }, { ...halt, worker: program }, { signals: sent });
        expect(result.records.map(({ task }) => task).toSorted((one, other) => one - other)).toEqual([...given.keys()]);
        for (const { task, fate } of result.records) {
          const item = given[task] ?? '';
          // Whoever follows one that answers twice may be lost with the worker.
          const others = [...(isTwice ? ['lost'] : []), ...(item === 'flaky' ? ['succeeded', 'lost'] : [])];
          expect([expected(item, chosen.attempts)[0], 'cancelled', ...others]).toContain(fate);
        }
      }),
      { numRuns: 250 },
    );
  });
});
