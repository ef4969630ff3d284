import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeardSignal } from '../../../src/engine/engine-event.ts';
import { makeJobserver } from '../../../src/engine/engine-options.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { interruptedRun, planOrNull, quietRun, runBothWays, type RandomRun } from './run-spec.ts';

/** Specs that are refused before the run are passed over. */
function everyRun(runs: fc.Arbitrary<RandomRun>, holds: (run: RandomRun, plan: NonNullable<ReturnType<typeof planOrNull>>) => void): void {
  fc.assert(
    fc.property(runs, (run) => {
      const plan = planOrNull(run.spec);
      fc.pre(plan !== null);
      holds(run, plan);
    }),
    { numRuns: 50, maxSkipsPerRun: 20 },
  );
}

function isSent(signal: HeardSignal): boolean {
  return signal !== 'SIGPIPE' && signal !== 'orphaned';
}

describe('every run, whatever its spec, its programs and the order in which the engine hears of things', () => {
  it('ends by itself when its programs do, and keeps the invariants on its way', () => {
    everyRun(quietRun, (run, plan) => {
      for (const { end } of runBothWays(plan, run)) expect(end.signal).toBeNull();
    });
  });

  it('ends in time after a signal, dies of the first, and leaves nothing alive', () => {
    everyRun(interruptedRun, (run, plan) => {
      for (const { end, endedMs, events } of runBothWays(plan, run)) {
        // A run that was over before its first signal dies of none, and what is no signal counts only where none came.
        const first = run.signals.find(({ atMs, signal }) => endedMs > atMs && isSent(signal));
        const told = events.find((event) => event.type === 'run.signal');
        // One that comes as the run ends may have come just before or just after.
        const atTheEnd = run.signals.find(({ atMs, signal }) => endedMs === atMs && isSent(signal));
        expect(first === undefined ? [null, told?.signal, atTheEnd?.signal] : [first.signal]).toContain(end.signal);
        expect(end.outcome === 'cancelled').toBe(end.signal !== null);
      }
    });
  });

  it('keeps them under a make that has tokens enough, and wants nothing of that once it is over', () => {
    everyRun(interruptedRun, (run, plan) => {
      for (const { end, tokens } of runBothWays(plan, run, { makeTokens: 500 })) {
        expect(end.exitCode === 0).toBe(end.outcome === 'success');
        expect(tokens.get(makeJobserver)).toBeLessThanOrEqual(500);
      }
    });
  });

  it('is the same again with the same seed', () => {
    everyRun(interruptedRun, ({ seed, signals }, plan) => {
      const first = runVirtually(plan, { seed, signals });
      expect(runVirtually(plan, { seed, signals }).effects).toEqual(first.effects);
    });
  });
});
