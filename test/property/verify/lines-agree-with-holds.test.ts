import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { reachedByAsking, reachedByModel } from '../../rig/asked-in-any-order.ts';
import { lineDefinitions, lineSteps, looseDefinitions, looseSteps, modelOfLooseSteps, modelOfSteps } from '../../rig/line-models.ts';

it('comes to just what those come to who ask the primitives of a run, in whatever order they do', () => {
  const seen = { all: 0, served: 0 };
  fc.assert(
    fc.property(lineSteps, (all) => {
      const asked = reachedByAsking({ definitions: lineDefinitions, loose: [] }, all);
      fc.pre(asked !== null);
      const { standings, served } = reachedByModel(modelOfSteps(all));
      seen.all += 1;
      if (served > 0) seen.served += 1;
      expect([...standings].toSorted()).toEqual([...asked].toSorted());
    }),
    { numRuns: 150 },
  );
  expect(seen.served).toBeGreaterThan(seen.all / 4);
});

it('comes to just what those come to who give back what others hold, in whatever order they do', () => {
  const seen = { all: 0, foreign: 0 };
  fc.assert(
    fc.property(looseSteps, (all) => {
      const asked = reachedByAsking({ definitions: looseDefinitions, loose: ['seats', 'rooms', 'boats'] }, all);
      fc.pre(asked !== null);
      const { standings, foreign } = reachedByModel(modelOfLooseSteps(all));
      seen.all += 1;
      if (foreign > 0) seen.foreign += 1;
      expect([...standings].toSorted()).toEqual([...asked].toSorted());
    }),
    { numRuns: 150 },
  );
  expect(seen.foreign).toBeGreaterThan(seen.all / 2);
});
