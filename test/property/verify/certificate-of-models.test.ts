import fc from 'fast-check';
import { expect, it } from 'vitest';
import { explore } from '../../../src/verify/explore.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { certifyOrder } from '../../../src/verify/order-certificate.ts';
import { lineModel, looseModel } from '../../rig/line-models.ts';
import { fairModel, givingModel, randomModel, roundModel } from '../../rig/random-model.ts';

it.each([
  ['of every kind', randomModel],
  ['in which some wait in the order of their arrival', fc.oneof(fairModel, lineModel)],
  ['in which some give back what others hold', fc.oneof(givingModel, looseModel)],
  ['in which some go round until what may never come', roundModel],
] as const)('an order of all that is waited for proves nothing that a search refutes, in models %s', (_, models) => {
  const seen = { certified: 0, deadlocks: 0, searched: 0, all: 0 };
  fc.assert(
    fc.property(models, (model) => {
      const system = new ModelSystem(model);
      const found = explore(system, { budget: { maxStates: 5000, mayGoOn: () => true }, judgesEnd: true, findsNeeds: true, stopsAtStuck: false, isReduced: false });
      fc.pre(found.isComplete);
      seen.all += 1;
      const { isProof } = certifyOrder(system);
      const isFree = found.stuckStates === 0 && found.trappedStates === 0 && found.needs.size === 0;
      if (isProof) seen.certified += 1;
      else if (isFree) seen.searched += 1;
      else seen.deadlocks += 1;
      expect(isFree || !isProof).toBe(true);
    }),
    { numRuns: 1500 },
  );
  for (const count of [seen.certified, seen.deadlocks, seen.searched]) expect(count).toBeGreaterThan(seen.all / 10);
});
