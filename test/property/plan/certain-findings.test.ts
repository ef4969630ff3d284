import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import type * as CheckPlan from '../../../src/plan/rules/check-plan.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { randomSpec } from '../engine/random-spec.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { everyStepSpec, lockableSpec, lockableToTheLast } from '../verify/lockable-spec.ts';

const { found } = vi.hoisted((): { found: Diagnostic[] } => ({ found: [] }));

/** The rules say what they find, and refuse nothing: so the run shows whether they were right. */
vi.mock('../../../src/plan/rules/check-plan.ts', async (original) => {
  const { checkPlan } = await original<typeof CheckPlan>();
  return {
    checkPlan: (...given: Parameters<typeof checkPlan>): readonly Diagnostic[] => {
      found.splice(0, found.length, ...checkPlan(...given));
      return [];
    },
  };
});

const schedulesOfEach = 4;

/** Who ends the run, or another one, may do so before anybody comes to what would fail. */
const endsOthers = /"(?:shutdown|terminate|kill)"/u;

it.each([
  ['of every kind', randomSpec({ forever: false })],
  ['that wait for each other', lockableSpec],
  ['that start each other, with a pool', everyStepSpec],
  ['with others in `finally`', lockableToTheLast],
] as const)('no run of processes %s succeeds of which a check says that none does', (_kind, specs) => {
  fc.assert(
    fc.property(specs, fc.nat(), (spec, seed) => {
      const text = JSON.stringify(spec);
      fc.pre(!endsOthers.test(text));
      found.length = 0;
      const plan = planOrNull(spec);
      const certain = found.flatMap(({ severity, certainty, code, message }) => (severity === 'error' && certainty === 'every run' ? [`${code}: ${message}`] : []));
      fc.pre(plan !== null && certain.length > 0);
      const succeeded = Array.from({ length: schedulesOfEach }, (_, index) => runVirtually(plan, index === 0 ? {} : { seed: seed + index }).end.exitCode === 0);
      expect({ certain, succeeded }).toEqual({ certain, succeeded: succeeded.map(() => false) });
    }),
    { numRuns: 6, maxSkipsPerRun: 300 },
  );
});
