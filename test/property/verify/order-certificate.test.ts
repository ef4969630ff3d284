import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { certifyOrder } from '../../../src/verify/order-certificate.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { everyStepSpec, fairSpec, lockableSpec, looseSpec, refilledSpec } from './lockable-spec.ts';

type Spec = typeof lockableSpec extends fc.Arbitrary<infer Value> ? Value : never;

/** Whether a search through all states finds that the run can always still finish, and whether an order proves it. */
function judge(spec: Spec, onFailure: 'stop' | 'continue'): { readonly isFree: boolean; readonly isCertified: boolean } | null {
  const plan = planOrNull(spec);
  if (plan === null) return null;
  const system = new ModelSystem(compilePlan({ ...plan, onFailure }).model);
  return { isFree: exploreAll(system).trappedStates === 0, isCertified: certifyOrder(system).isProof };
}

it.each([
  ['that wait for each other', lockableSpec],
  ['of every step', everyStepSpec],
  ['that give back what others hold', looseSpec],
  ['that others refill for ever', refilledSpec],
  ['that wait for each other in the order of their arrival', fairSpec],
] as const)('certifies nothing that a search through all states refutes, of processes %s', (_, specs) => {
  fc.assert(
    fc.property(specs, fc.constantFrom('stop', 'continue'), (spec, onFailure) => {
      const verdict = judge(spec, onFailure);
      fc.pre(verdict !== null);
      expect(verdict.isFree || !verdict.isCertified).toBe(true);
    }),
    { numRuns: 100 },
  );
});

it.each([
  ['that wait for each other', lockableSpec, 0.4],
  ['that wait for each other in the order of their arrival', fairSpec, 0.3],
  ['that others refill for ever', refilledSpec, 0.2],
] as const)('certifies many of those that cannot deadlock, of processes %s', (_, specs, atLeast) => {
  const verdicts = fc.sample(specs, { numRuns: 100, seed: 1 }).flatMap((spec) => judge(spec, 'continue') ?? []);
  const free = verdicts.filter(({ isFree }) => isFree);
  expect(free.filter(({ isCertified }) => isCertified).length / free.length).toBeGreaterThan(atLeast);
});
