import { expect, it } from 'vitest';
import { findAlike } from '../../../src/verify/alike-actors.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { type Exploration, explore } from '../../../src/verify/explore.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { ReducedSystem } from '../../../src/verify/reduced-system.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

/** All states of so many who take two locks in one order, and so many who take them in the other. */
function exploration(replicas: number): Exploration {
  const { model } = compilePlan(validPlan(`
locks: { a: , b: }
processes:
  x: { replicas: ${replicas}, steps: [{ acquire: a }, { acquire: b }] }
  y: { replicas: ${replicas}, steps: [{ acquire: b }, { acquire: a }] }
`));
  const system = new ModelSystem(model);
  return explore(new ReducedSystem(system, findAlike(system.graphs, model)), { budget: { maxStates: 100_000, mayGoOn: () => true }, judgesEnd: false, stopsAtStuck: false, isReduced: false });
}

it('follows one of those who are alike and at the same place, however many they are', () => {
  const few = exploration(3);
  const many = exploration(12);
  expect(few.edges / few.states).toBeLessThan(4);
  expect(many.edges / many.states).toBeLessThan(4);
  expect(many.stuckStates).toBeGreaterThan(few.stuckStates);
});
