import fc from 'fast-check';
import { expect, it } from 'vitest';
import { worldOf } from '../../../src/verify/actor-world.ts';
import { mergeLocations } from '../../../src/verify/merge-locations.ts';
import type { Model } from '../../../src/verify/model.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { exploreAll, stepsToStuck } from '../../rig/explore-all.ts';
import { fairModel, givingModel, plainModel, randomModel } from '../../rig/random-model.ts';

function merged(model: Model): ModelSystem {
  const { graphs, resources } = new ModelSystem(model);
  return new ModelSystem(model, worldOf(mergeLocations(graphs), resources));
}

it('merging what nobody tells apart leaves stuck states as near as they were, and traps where there are any', () => {
  let [states, all] = [0, 0];
  fc.assert(
    fc.property(fc.oneof(randomModel, plainModel, fairModel, givingModel), (model) => {
      const found = exploreAll(new ModelSystem(model));
      const fewer = exploreAll(merged(model));
      states += fewer.states;
      all += found.states;
      expect({ isTrapped: fewer.trappedStates !== 0, steps: stepsToStuck(fewer) }).toEqual({ isTrapped: found.trappedStates !== 0, steps: stepsToStuck(found) });
    }),
    { numRuns: 500 },
  );
  expect(all / states).toBeGreaterThan(1.02);
});
