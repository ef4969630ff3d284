import fc from 'fast-check';
import type { Plan } from '../../../src/plan/plan.ts';
import { planOf } from '../../rig/virtual-plan.ts';
import { runVirtually, type WorldResult } from '../../rig/virtual-world.ts';
import type { WorldOptions } from '../../rig/world-options.ts';
import { randomSpec, type SpecData } from './random-spec.ts';

/** One run of the property tests, all of it data. */
export interface RandomRun {
  readonly spec: SpecData;
  readonly seed: number;
  readonly signals: NonNullable<WorldOptions['signals']>;
}

const endingSignal = fc.constantFrom('SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGPIPE', 'orphaned');
const gapMs = fc.integer({ min: 260, max: 1500 });

/** Runs that nobody interrupts, of programs that all end. */
export const quietRun: fc.Arbitrary<RandomRun> = fc.record({
  spec: randomSpec({ forever: false }),
  seed: fc.nat(),
  signals: fc.constant([]),
});

/** Runs with programs that may never end, and one to three signals at any time. */
export const interruptedRun: fc.Arbitrary<RandomRun> = fc
  .record({
    spec: randomSpec({ forever: true }),
    seed: fc.nat(),
    firstMs: fc.integer({ min: 0, max: 800 }),
    first: endingSignal,
    others: fc.array(fc.record({ gapMs, signal: endingSignal }), { maxLength: 2 }),
  })
  .map(({ spec, seed, firstMs, first, others }) => {
    const signals = [{ atMs: firstMs, signal: first }];
    for (const { gapMs: gap, signal } of others) signals.push({ atMs: (signals.at(-1)?.atMs ?? 0) + gap, signal });
    // That nobody reads its output counts only while processes run: a Ctrl-C ends what it did not.
    const lastMs = (signals.at(-1)?.atMs ?? 0) + 1000;
    if (signals.every(({ signal }) => signal === 'SIGPIPE' || signal === 'orphaned')) signals.push({ atMs: lastMs, signal: 'SIGINT' });
    return { spec, seed, signals };
  });

/** The plan of a random spec; null where it is refused before a run, as many are. */
export function planOrNull(spec: SpecData): Plan | null {
  try {
    return planOf(JSON.stringify(spec));
  } catch {
    return null;
  }
}

/** Runs it, in the order of the plan and in the random order of its seed; throws when an invariant breaks. */
export function runBothWays(plan: Plan, run: RandomRun, options: WorldOptions = {}): readonly [WorldResult, WorldResult] {
  const { signals, seed } = run;
  return [runVirtually(plan, { ...options, signals }), runVirtually(plan, { ...options, signals, seed })];
}
