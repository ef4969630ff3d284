import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { findActors, worldOf } from '../../../src/verify/actor-world.ts';
import { findAlike } from '../../../src/verify/alike-actors.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { endAlone } from '../../../src/verify/end-alone.ts';
import { type Exploration, explore } from '../../../src/verify/explore.ts';
import { mergeLocations } from '../../../src/verify/merge-locations.ts';
import type { Model } from '../../../src/verify/model.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { nearestDeadlocks } from '../../../src/verify/deadlocks-of-parts.ts';
import { type Deadlock, DeadlockTeller } from '../../../src/verify/nearest-deadlocks.ts';
import { ReducedSystem } from '../../../src/verify/reduced-system.ts';
import { endedField, tooFar } from '../../../src/verify/state-layout.ts';
import { shortestWay } from '../../../src/verify/shortest-way.ts';
import { WaitCircles } from '../../../src/verify/wait-circles.ts';
import { lineModel, looseModel } from '../../rig/line-models.ts';
import { fairModel, givingModel, plainModel, randomModel } from '../../rig/random-model.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { kindsOfSpecs } from './kinds-of-specs.ts';
import { isKeys, type Keys } from './lockable-spec.ts';
import { PlainGraph } from './plain-graph.ts';

const budget = { maxStates: 1_000_000, mayGoOn: (): boolean => true };
/** Larger ones take long to look at without leaving anything out. */
const mostStates = 5000;

/** With somebody who goes round: one beside them, one of them for ever, or a daemon that does what one of them does. */
function goingRound(specs: fc.Arbitrary<Keys>): fc.Arbitrary<Keys> {
  return fc.tuple(specs, fc.constantFrom('beside', 'forever', 'daemon')).map(([spec, how]): Keys => {
    const processes = isKeys(spec['processes']) ? spec['processes'] : {};
    const b = isKeys(processes['b']) ? processes['b'] : {};
    const steps: Json = [{ repeat: 'forever', do: b['steps'] ?? [] }];
    switch (how) {
      case 'beside':
        return { ...spec, daemons: { tick: { steps: [{ repeat: 'forever', do: [{ sleep: '1s' }] }] } } };
      case 'forever':
        return { ...spec, processes: { ...processes, b: { ...b, steps } } };
      default:
        return { ...spec, daemons: { other: { steps } } };
    }
  });
}

function systemOf(spec: Keys): { readonly system: ModelSystem; readonly model: Model } | null {
  const plan = planOrNull(spec);
  if (plan === null) return null;
  const { model } = compilePlan({ ...plan, onFailure: 'continue' });
  return { model, system: new ModelSystem(model, worldOf(mergeLocations(endAlone(findActors(model).graphs)), new Map(model.resources.map((resource) => [resource.name, resource])))) };
}

/** As the judge does: of the whole at once, and of those apart from each other one after the other. */
function toldOf(system: ModelSystem, model: Model): { readonly atOnce: Deadlock; readonly apart: Deadlock } | null {
  const alike = findAlike(system.graphs, model);
  const reduced = new ReducedSystem(system, alike);
  const found = explore(reduced, { budget, judgesEnd: true, stopsAtStuck: true, isReduced: true });
  const state = found.firstStuck ?? found.firstTrapped;
  if (state === null) return null;
  const bad = { model, system: reduced, found, state, alike };
  const [atOnce] = new DeadlockTeller(bad, budget).all();
  const [apart] = nearestDeadlocks(bad, budget);
  return atOnce === undefined || apart === undefined ? null : { atOnce, apart };
}

function stepsOf({ way, isShortest }: Deadlock): { readonly steps: number; readonly isShortest: boolean } {
  return { steps: way.transitions.length, isShortest };
}

/** The least distance of all states in which some wait only for each other, or from which nothing leads to the end nor to that. */
function leastSteps(graph: PlainGraph, circles: WaitCircles, found: Exploration): number | null {
  const inCircle = graph.states.flatMap((state, number) => (circles.isIn(state) ? [number] : []));
  const bad = [...inCircle, ...graph.trappedBut(inCircle)];
  return bad.length === 0 ? null : Math.min(...bad.map((number) => shortestWay(found, number).length));
}

function isSmall(found: Exploration): boolean {
  return found.isComplete && found.states <= mostStates;
}

function exploreSome(system: ModelSystem): Exploration {
  return explore(system, { budget: { ...budget, maxStates: mostStates }, judgesEnd: false, stopsAtStuck: false, isReduced: false });
}

/** What is told of a deadlock, beside what a look at everything finds; and that whoever is found to be in a circle waits for ever. */
function checkAll(system: ModelSystem, model: Model): void {
  const found = exploreSome(system);
  fc.pre(isSmall(found));
  const graph = new PlainGraph(system, found);
  // Where everybody is once there are more permits than are told apart is not known, so that it looks as if each of them had moved.
  fc.pre(graph.states.every((state) => state[endedField] !== tooFar));
  const circles = new WaitCircles(system);
  const moves = system.graphs.map((_, actor) => graph.movesOf(actor));
  for (const [number, state] of graph.states.entries()) {
    const moving = circles.find(state).flatMap((circle) => circle.filter((actor) => moves[actor]?.[number] === true));
    expect(moving).toEqual([]);
  }
  expect(graph.stuck().filter((number) => !circles.isIn(graph.states[number] ?? new Int32Array(0)))).toEqual([]);
  const steps = leastSteps(graph, circles, found);
  const told = toldOf(system, model);
  expect(told === null ? null : stepsOf(told.atOnce)).toEqual(steps === null ? null : { steps, isShortest: true });
  if (told === null) return;
  // Less is in the way of seeing it there.
  expect(stepsOf(told.apart)).toEqual({ steps: Math.min(stepsOf(told.apart).steps, stepsOf(told.atOnce).steps), isShortest: true });
  const end = graph.states.findIndex((state) => state.join() === told.apart.way.end.join());
  expect(graph.trappedBut([])).toContain(end);
  expect([...told.apart.staying].filter((actor) => moves[actor]?.[end] === true)).toEqual([]);
}

describe('where fewer states are looked at, what is told is as near as what a look at all of them finds', () => {
  it.each(kindsOfSpecs)('of processes %s, some of which go round', (_, specs) => {
    fc.assert(
      fc.property(fc.oneof({ weight: 1, arbitrary: specs }, { weight: 4, arbitrary: goingRound(specs) }), (spec) => {
        const made = systemOf(spec);
        fc.pre(made !== null);
        checkAll(made.system, made.model);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['of every kind', randomModel],
    ['in which nobody starts others, clears events or notifies', plainModel],
    ['in which some wait in the order of their arrival', fairModel],
    ['in which they do nothing else', lineModel],
    ['in which some give back what others hold', fc.oneof(givingModel, looseModel)],
  ] as const)('in models %s', (_, models) => {
    fc.assert(
      fc.property(models, (model) => {
        checkAll(new ModelSystem(model), model);
      }),
      { numRuns: 200 },
    );
  });
});
