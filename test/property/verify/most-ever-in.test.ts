import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findActors } from '../../../src/verify/actor-world.ts';
import type { Exploration } from '../../../src/verify/explore.ts';
import type { Model, Resource } from '../../../src/verify/model.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { mostEverIn } from '../../../src/verify/most-ever-in.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { plainModel, randomModel } from '../../rig/random-model.ts';

/** No queue is ever full that has room for so many. */
const room = 64;
/** Larger ones take long to look at without telling more. */
const mostStates = 20_000;

function withRoom(model: Model, roomOf: (name: string) => number | null | undefined): Model {
  const resources = model.resources.map((resource): Resource => {
    const capacity = resource.kind === 'queue' ? roomOf(resource.name) : undefined;
    return resource.kind === 'queue' && capacity !== undefined ? { ...resource, capacity } : resource;
  });
  return { ...model, resources };
}

function lookOf({ states, edges, stuckStates, trappedStates, finalStates }: Exploration): readonly unknown[] {
  return [states, edges, stuckStates, trappedStates, finalStates];
}

describe('where it is known how many items ever come into a queue without a bound, it is as one that is never full', () => {
  it.each([
    ['of every kind', randomModel],
    ['in which nobody starts others, clears events or notifies', plainModel],
  ] as const)('in models %s', (_, models) => {
    let looped = 0;
    fc.assert(
      fc.property(models, (model) => {
        const open = withRoom(model, () => null);
        const known = mostEverIn(open.resources, findActors(open).graphs);
        const counted = [...known].filter(([, most]) => most > 0 && most < room);
        fc.pre(counted.length > 0);
        const names = new Set(counted.map(([name]) => name));
        const fine = withRoom(model, (name) => (names.has(name) ? null : undefined));
        const found = exploreAll(new ModelSystem(fine, findActors(fine), true));
        fc.pre(found.states < mostStates);
        expect(lookOf(found)).toEqual(lookOf(exploreAll(new ModelSystem(withRoom(model, (name) => (names.has(name) ? room : undefined))))));
        if (JSON.stringify(model).includes('"loop"')) looped += 1;
      }),
      { numRuns: 300 },
    );
    expect(looped).toBeGreaterThan(20);
  });
});
