import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { explore } from '../../../src/verify/explore.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { certifyOrder } from '../../../src/verify/order-certificate.ts';
import { assertUntil } from '../../rig/assert-until.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { nestedPoolSpec } from './nested-pool-spec.ts';

const deadlockCode = 5;

it('an order proves no pool whose tasks wait for those of others that a search or a run refutes, and proves most that none does', () => {
  const seen = { certified: 0, free: 0, refuted: 0 };
  assertUntil(
    fc.property(nestedPoolSpec, fc.nat(), (spec, seed) => {
      const plan = planOrNull(spec);
      fc.pre(plan !== null);
      const system = new ModelSystem(compilePlan({ ...plan, onFailure: 'continue' }, { isRough: true }).model);
      const { isProof } = certifyOrder(system);
      const found = explore(system, { budget: { maxStates: 10_000, mayGoOn: () => true }, judgesEnd: true, stopsAtStuck: true, isReduced: true });
      const isRefuted = found.stuckStates > 0 || (found.isComplete && (found.trappedStates ?? 0) > 0);
      seen.certified += Number(isProof);
      seen.free += Number(!isRefuted);
      seen.refuted += Number(isRefuted);
      if (!isProof) return;
      expect(isRefuted).toBe(false);
      expect([{}, { seed }, { seed: seed + 1 }].map((options) => runVirtually(plan, options).end.exitCode)).not.toContain(deadlockCode);
    }),
    { numRuns: 100 },
    { count: () => seen.refuted, moreThan: 10 },
  );
  expect(seen.certified / seen.free).toBeGreaterThan(0.6);
});
