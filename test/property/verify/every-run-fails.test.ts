import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { whoFailsEveryRun } from '../../../src/verify/every-run-fails.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { lockableSpec, orderingSpec } from './lockable-spec.ts';

it.each([
  ['that wait for each other', lockableSpec],
  ['that start and end each other', orderingSpec],
] as const)('no run of processes %s succeeds of which it is said that none can', (_, specs) => {
  fc.assert(
    fc.property(specs, fc.nat(), (spec, seed) => {
      const plan = planOrNull(spec);
      fc.pre(plan !== null && whoFailsEveryRun(plan, { maxStates: 20_000, mayGoOn: () => true }).length > 0);
      for (const options of [{}, { seed }, { seed: seed + 1 }]) expect(runVirtually(plan, options).end.exitCode).not.toBe(0);
    }),
    { numRuns: 40, maxSkipsPerRun: 1000 },
  );
});
