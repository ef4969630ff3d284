import { describe, expect, it } from 'vitest';
import { explore } from '../../../src/verify/explore.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { leftForkFirst } from '../../rig/benchmark-models.ts';
import { exploreAll } from '../../rig/explore-all.ts';

const unlimited = { maxStates: 1_000_000, mayGoOn: () => true };

describe('a search with a budget', () => {
  it('says up to which depth all was seen, and that this is not all', () => {
    const found = explore(new ModelSystem(leftForkFirst(8)), { budget: { ...unlimited, maxStates: 1000 }, judgesEnd: false, stopsAtStuck: false, isReduced: false });
    expect(found.isComplete).toBe(false);
    expect(found.states).toBeGreaterThan(1000);
    expect(found.states).toBeLessThan(1010);
    expect(found).toMatchObject({ depth: 4, stuckStates: 0, firstStuck: null, trappedStates: null });
  });

  it('asks now and then whether it may go on', () => {
    let answers = 3;
    const mayGoOn = (): boolean => {
      answers -= 1;
      return answers > 0;
    };
    const found = explore(new ModelSystem(leftForkFirst(10)), { budget: { ...unlimited, mayGoOn }, judgesEnd: false, stopsAtStuck: false, isReduced: false });
    expect(found.isComplete).toBe(false);
    expect(answers).toBe(0);
  });

  it('holds nothing against states that it did not expand', () => {
    const found = explore(new ModelSystem(leftForkFirst(8)), { budget: { ...unlimited, maxStates: 1000 }, judgesEnd: true, stopsAtStuck: false, isReduced: false });
    expect(found.trappedStates).toBe(0);
  });
});

it('stops at the first stuck state where it is asked to', () => {
  const found = explore(new ModelSystem(leftForkFirst(8)), { budget: unlimited, judgesEnd: false, stopsAtStuck: true, isReduced: false });
  expect(found).toMatchObject({ stuckStates: 1, isComplete: false, depth: 7 });
});

it('keeps a state of ten philosophers in less than 48 bytes', () => {
  const found = exploreAll(new ModelSystem(leftForkFirst(10)));
  expect(found.bytes / found.states).toBeLessThan(48);
});
