import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { alwaysDeadlocks } from '../../../src/verify/always-deadlocks.ts';
import { whoFailsEveryRun } from '../../../src/verify/every-run-fails.ts';
import { assertUntil } from '../../rig/assert-until.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { lockableSpec, orderingSpec } from './lockable-spec.ts';

const budget = { maxStates: 20_000, mayGoOn: (): boolean => true };

/** Programs that end by themselves soon, late or never, and have something of the others meanwhile. */
const daemon = fc.record({
  command: fc.constantFrom('exit 0', 'sleep 30', 'sleep 100000'),
  with: fc.constantFrom<readonly string[]>([], [], ['left'], ['slots']),
  sets: fc.constantFrom({}, {}, { start: 'go' }, { exit: 'over' }),
});

it.each([
  ['that wait for each other', lockableSpec],
  ['that start and end each other', orderingSpec],
] as const)('no run of processes %s succeeds beside a daemon of which it is said that none can', (_, specs) => {
  let found = 0;
  assertUntil(
    fc.property(specs, daemon, fc.nat(), (spec, server, seed) => {
      const plan = planOrNull({ ...spec, daemons: { server } });
      if (plan === null) return;
      const isStuck = alwaysDeadlocks(plan, budget);
      if (!isStuck && whoFailsEveryRun(plan, budget).length === 0) return;
      found += 1;
      for (const options of [{}, { seed }, { seed: seed + 1 }]) {
        const { exitCode } = runVirtually(plan, options).end;
        expect({ isStuck, isGood: exitCode === 0 }).toEqual({ isStuck, isGood: false });
      }
    }),
    { numRuns: 400 },
    { count: () => found, moreThan: 0 },
  );
});
