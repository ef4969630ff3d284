import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { specJsonSchema } from '../../../src/spec/schema/json-schema.ts';
import { findAlike } from '../../../src/verify/alike-actors.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { ReducedSystem } from '../../../src/verify/reduced-system.ts';
import { exploreAll, exploreEnough, stepsToStuck } from '../../rig/explore-all.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { everyStepSpec, fairOrderingSpec, isKeys, type Keys, lockableSpec, orderingSpec } from './lockable-spec.ts';

/** Every key of a spec that is written in it somewhere. */
function keysOf(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(keysOf);
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

/** The first key that a step of each kind has to have. */
function verbs(): readonly string[] {
  const step = specJsonSchema().$defs?.['step'];
  const kinds = typeof step === 'object' ? (step.anyOf ?? []) : [];
  return kinds.flatMap((kind) => (typeof kind === 'object' ? (kind.required ?? []).slice(0, 1) : []));
}

/** How many specs that are not refused before the run have each verb. */
function counted(specs: typeof lockableSpec): ReadonlyMap<string, number> {
  const counts = new Map(verbs().map((verb) => [verb, 0]));
  for (const spec of fc.sample(specs, { numRuns: 400, seed: 1 })) {
    if (planOrNull(spec) === null) continue;
    const { a = null, b = null } = processesOf(spec);
    for (const key of new Set(keysOf([a, b]))) {
      const count = counts.get(key);
      if (count !== undefined) counts.set(key, count + 1);
    }
  }
  return counts;
}

function processesOf({ processes }: Keys): Keys {
  return isKeys(processes) ? processes : {};
}

const ofPools = ['submit', 'result'];
const orders = ['start', 'terminate', 'kill', 'shutdown'];
const ofPipes = ['send', 'recv'];

it.each([
  ['every step', everyStepSpec, []],
  ['all but what is done to pools', orderingSpec, ofPools],
  ['all but these, pipes, and what starts and ends others', lockableSpec, [...ofPools, ...ofPipes, ...orders]],
] as const)('random specs have %s, many times', (_, specs, without) => {
  const counts = counted(specs);
  expect(counts.size).toBe(31);
  expect([...counts].filter(([, count]) => count < 3).map(([verb]) => verb).toSorted()).toEqual(without.toSorted());
});

it.each([
  ['of every step', everyStepSpec],
  ['in which some wait in the order of their arrival', fairOrderingSpec],
] as const)('finds the same verdict, as near, where it looks at fewer states, in specs %s', (_, specs) => {
  fc.assert(
    fc.property(specs, (spec) => {
      const plan = planOrNull(spec);
      fc.pre(plan !== null);
      const { model } = compilePlan({ ...plan, onFailure: 'continue' });
      const system = new ModelSystem(model);
      const all = exploreAll(system);
      const enough = exploreEnough(new ReducedSystem(system, findAlike(system.graphs, model)));
      const verdictOf = (found: typeof all): object => ({ isTrapped: found.trappedStates !== 0, steps: stepsToStuck(found) });
      expect(verdictOf(enough)).toEqual(verdictOf(all));
    }),
    { numRuns: 60 },
  );
});
