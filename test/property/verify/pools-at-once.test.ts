import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Plan } from '../../../src/plan/plan.ts';
import type { Schedule } from '../../../src/schedule/schedule.ts';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge, toldOf } from '../../../src/verify/judge.ts';
import { planOrNull } from '../engine/run-spec.ts';
import type { Keys } from './lockable-spec.ts';
import { poolSpec } from './pool-spec.ts';
import { replay } from './replay.ts';
import { replayAtOnce } from './replay-at-once.ts';

const deadlockCode = 5;
const nowhere = { source: { name: 's', text: '' }, start: 0, end: 0 };

/** The schedules of those deadlocks of a spec that are told as sure. */
function sureOnes(spec: Keys): { readonly plan: Plan; readonly schedules: readonly Schedule[] } | null {
  const plan = planOrNull(spec);
  if (plan === null) return null;
  const judgement = judge(plan, { maxStates: 4000, mayGoOn: () => true });
  const { verdict } = judgement;
  if (verdict.type !== 'counterexample') return { plan, schedules: [] };
  const findings = deadlockFindings(plan, judgement, () => nowhere);
  return { plan, schedules: toldOf(verdict).flatMap(({ schedule }, index) => (findings[index]?.severity === 'error' ? [schedule] : [])) };
}

it('a run whose slots take their tasks at once comes to each deadlock of tasks that is told as sure, and so does one along its schedule', () => {
  fc.assert(
    fc.property(poolSpec, (spec) => {
      const sure = sureOnes(spec);
      fc.pre(sure !== null);
      for (const schedule of sure.schedules) {
        expect(replay(sure.plan, schedule)).toMatchObject({ exitCode: deadlockCode, departure: null });
        expect(replayAtOnce(sure.plan, schedule)).toMatchObject({ exitCode: deadlockCode, departure: null });
      }
    }),
    { numRuns: 80 },
  );
});

it('tries enough of which tasks have a part in a deadlock that is sure', () => {
  const schedules = fc.sample(poolSpec, { numRuns: 80, seed: 1 }).flatMap((spec) => sureOnes(spec)?.schedules ?? []);
  expect(schedules.filter(({ operations }) => operations.some(({ op }) => op === 'take')).length).toBeGreaterThan(3);
});
