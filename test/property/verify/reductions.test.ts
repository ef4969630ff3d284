import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Exploration } from '../../../src/verify/explore.ts';
import type { Model } from '../../../src/verify/model.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { ReducedSystem } from '../../../src/verify/reduced-system.ts';
import { assertUntil } from '../../rig/assert-until.ts';
import { exploreAll, exploreEnough, stepsToStuck, withoutReplicas } from '../../rig/explore-all.ts';
import { lineModel, looseModel } from '../../rig/line-models.ts';
import { fairModel, givingModel, missingModel, plainModel, randomModel, roundModel } from '../../rig/random-model.ts';

/** In the time that a larger model takes, many smaller ones say more. */
const mostStates = 20_000;

interface Verdict {
  readonly isTrapped: boolean;
  readonly stuck: number | null;
  readonly steps: number | null;
}

function verdictOf(found: Exploration, countsStuck: boolean): Verdict {
  return { isTrapped: found.trappedStates !== 0, stuck: countsStuck ? found.stuckStates : null, steps: stepsToStuck(found) };
}

/** With some of the actors once more, so that there are some alike. */
function withTwins(models: fc.Arbitrary<Model>): fc.Arbitrary<Model> {
  return fc.tuple(models, fc.integer({ min: 1, max: 2 })).map(([model, twins]): Model => {
    const [first] = model.actors;
    if (first === undefined) return model;
    return { ...model, actors: [...model.actors, ...Array.from({ length: twins }, (_, index) => ({ ...first, name: `twin-${String(index)}` }))] };
  });
}

it.each([
  ['of every kind', randomModel, 1.05],
  ['in which nobody starts others, clears events or notifies', plainModel, 2],
  ['in which some wait in the order of their arrival', fairModel, 1.2],
  ['in which they do nothing else', lineModel, 1.2],
  ['in which some give back what others hold', givingModel, 1.1],
  ['in which they do nothing but that', looseModel, 1],
  ['in which some may miss what they ask for', missingModel, 1.1],
] as const)('following only some of the actors finds the same stuck states, as near, and the same traps, in models %s', (_, models, atLeast) => {
  let [states, all] = [0, 0];
  assertUntil(
    fc.property(models, (model) => {
      const system = new ModelSystem(model);
      const found = exploreAll(system, mostStates);
      fc.pre(found.isComplete);
      const reduced = exploreEnough(new ReducedSystem(system, []));
      states += reduced.states;
      all += found.states;
      expect(verdictOf(reduced, true)).toEqual(verdictOf(found, true));
    }),
    { numRuns: 1000 },
    { count: () => all / states, moreThan: atLeast },
  );
});

it.each([
  ['of every kind', randomModel],
  ['in which nobody starts others, clears events or notifies', plainModel],
  ['in which some wait in the order of their arrival', fairModel],
  ['in which they do nothing else', lineModel],
  ['in which some give back what others hold', givingModel],
  ['in which some may miss what they ask for', missingModel],
] as const)('taking actors for one that nothing tells apart finds the same verdict, as near, in models %s', (_, models) => {
  let [states, all] = [0, 0];
  assertUntil(
    fc.property(withTwins(models), (model) => {
      const found = exploreAll(new ModelSystem(model), mostStates);
      fc.pre(found.isComplete);
      const system = withoutReplicas(model);
      const alike = exploreAll(system);
      for (const reduced of [alike, exploreEnough(system)]) expect(verdictOf(reduced, false)).toEqual(verdictOf(found, false));
      states += alike.states;
      all += found.states;
    }),
    { numRuns: 300 },
    { count: () => all / states, moreThan: 1.3 },
  );
});

it('where some go on for ever if something never comes that need not, that is found by following only some of the actors as well', () => {
  const needs = (found: Exploration): boolean => found.needs.size > 0;
  let [needy, all] = [0, 0];
  fc.assert(
    fc.property(withTwins(roundModel), (model) => {
      const found = exploreAll(new ModelSystem(model), mostStates);
      fc.pre(found.isComplete && found.trappedStates === 0);
      all += 1;
      needy += Number(needs(found));
      expect(!needs(found) || needs(exploreEnough(withoutReplicas(model)))).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect(needy).toBeGreaterThan(all / 20);
  expect(needy).toBeLessThan(all);
});
