import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isRecord } from '../../../src/base/json-type.ts';
import { compilePlan } from '../../../src/plan/build-plan.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { checkPlan } from '../../../src/plan/rules/check-plan.ts';
import { loadSpec } from '../../../src/spec/load-spec.ts';
import { assertUntil } from '../../rig/assert-until.ts';
import { hostOf } from '../../rig/virtual-plan.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { randomSpec, type SpecData } from '../engine/random-spec.ts';
import { everyStepSpec, lockableSpec, lockableToTheLast } from '../verify/lockable-spec.ts';

const schedulesOfEach = 4;
/** So many that some are surely wrong: of those that start each other one in two hundred is. */
const some = 1500;
const many = 4000;

/** Who ends the run, or another one, may do so before anybody comes to what would fail. */
const endsOthers = /"(?:shutdown|terminate|kill)"/u;

const works = ['processes', 'daemons', 'finally', 'pools'];

/** A process that may fail fails no run, unlike a step that may; and a run that waits for ever is to end. */
function endingUnallowed(spec: SpecData): SpecData {
  const unallowed = works.flatMap((work) => {
    const units = spec[work];
    return isRecord(units) ? [[work, Object.fromEntries(Object.entries(units).map(([name, unit]) => [name, isRecord(unit) ? { ...unit, allow_failure: false } : unit]))] as const] : [];
  });
  return { timeout: '30s', ...spec, ...Object.fromEntries(unallowed) };
}

it.each([
  ['of every kind', some, randomSpec({ forever: false })],
  ['that wait for each other', some, lockableSpec],
  ['that start each other, with a pool', many, everyStepSpec],
  ['with others in `finally`', some, lockableToTheLast],
] as const)('no run of processes %s succeeds of which a check says that none does', (_kind, count, specs) => {
  let wrong = 0;
  assertUntil(
    fc.property(specs, fc.nat(), (spec, seed) => {
      const text = JSON.stringify(endingUnallowed(spec));
      const checked = endsOthers.test(text) ? null : checkedPlan(text);
      // Most specs have nothing of that kind.
      if (checked === null || checked.certain.length === 0) return;
      wrong += 1;
      const { plan, certain } = checked;
      const succeeded = Array.from({ length: schedulesOfEach }, (_, index) => runVirtually(plan, index === 0 ? {} : { seed: seed + index }).end.exitCode === 0);
      expect({ certain, succeeded }).toEqual({ certain, succeeded: succeeded.map(() => false) });
    }),
    { numRuns: count },
    { count: () => wrong, moreThan: 0 },
  );
});

/** The plan, which the rules refuse or not, and of which of their findings no run succeeds; null where it cannot be compiled. */
function checkedPlan(text: string): { readonly plan: Plan; readonly certain: readonly string[] } | null {
  const host = hostOf(text);
  const { loaded } = loadSpec('mpctl.yaml', host);
  if (loaded === null) return null;
  const { plan, facts, diagnostics } = compilePlan(loaded, host, {});
  if (!loaded.isWhole || diagnostics.some(({ severity }) => severity === 'error')) return null;
  return { plan, certain: checkPlan(plan, facts).flatMap(({ severity, certainty, code, message }) => (severity === 'error' && certainty === 'every run' ? [`${code}: ${message}`] : [])) };
}
