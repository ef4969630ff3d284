import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Plan } from '../../../src/plan/plan.ts';
import { findActors, worldOf } from '../../../src/verify/actor-world.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { endAlone } from '../../../src/verify/end-alone.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { stateAt } from '../../../src/verify/shortest-way.ts';
import { endedField } from '../../../src/verify/state-layout.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { besideEndless } from './endless-spec.ts';
import { fairOrderingSpec, fairSpec, lockableSpec, looseSpec, orderingSpec, readAtTheLast, startedToTheLast, stoppedToTheLast } from './lockable-spec.ts';

const schedulesOfEach = 4;
const deadlockCode = 5;

/** What the model says that a run may come to. */
interface Verdict {
  readonly canDeadlock: boolean;
  /** Whichever way it goes. */
  readonly mustDeadlock: boolean;
  readonly canSucceed: boolean;
  readonly canFail: boolean;
}

/** @param shutsDown some step ends the run, and the model does not tell that from a failure that does */
function verdictOf(system: ModelSystem, shutsDown: boolean): Verdict {
  const exploration = exploreAll(system);
  let canSucceed = false;
  let canFail = false;
  for (let number = 0; number < exploration.states; number += 1) {
    const state = stateAt(exploration, number);
    if (!system.isFinal(state)) continue;
    const outcomes = system.graphs.map(({ locations }, actor) => locations[state[system.layout.actorField(actor)] ?? 0]?.outcome);
    const isEnded = state[endedField] === 1;
    const fails = isEnded || outcomes.some((outcome) => outcome === 'failed' || outcome === 'skipped');
    if (fails) canFail = true;
    if (!fails || (isEnded && shutsDown)) canSucceed = true;
  }
  return { canDeadlock: exploration.trappedStates !== 0, mustDeadlock: exploration.firstTrapped === 0, canSucceed, canFail };
}

function modelOf(plan: Plan, changed: typeof endAlone = (graphs) => graphs): ModelSystem {
  const { model, assumptions } = compilePlan(plan);
  // What more the model lets happen there is no matter of how it may end.
  expect(assumptions.filter(({ kind, text }) => kind === 'coarser' && !['to the line', 'once it was ended', 'as soon as it is ended'].some((known) => text.includes(known)))).toEqual([]);
  const { graphs, resources } = findActors(model);
  return new ModelSystem(model, worldOf(changed(graphs), resources));
}

it.each([
  ['that wait for each other', lockableSpec],
  ['that give back what others hold', looseSpec],
  ['that start and end each other', orderingSpec],
  ['with others in `finally`', stoppedToTheLast],
  ['with others in `finally` that start some', startedToTheLast],
  ['with others in `finally` that read what they send', readAtTheLast],
  ['that wait for each other in the order of their arrival', fairSpec],
  ['that do so, and start and end each other', fairOrderingSpec],
  ['beside a daemon that goes on for ever', besideEndless],
] as const)('lets a run of processes %s come to nothing but what the model says, in whatever order things happen', (_kind, specs) => {
  fc.assert(
    fc.property(specs, fc.nat(), (spec, seed) => {
      const plan = planOrNull(spec);
      fc.pre(plan !== null);
      const shutsDown = JSON.stringify(spec).includes('"shutdown"');
      const system = modelOf(plan);
      const verdict = verdictOf(system, shutsDown);
      // A run says that a part of it is deadlocked also where the rest may yet fail, or end it all.
      const unstopped = verdictOf(modelOf({ ...plan, onFailure: 'continue' }, endAlone), shutsDown);
      const schedules = Array.from({ length: schedulesOfEach }, (_, index) => (index === 0 ? {} : { seed: seed + index }));
      const said = schedules.map((options) => {
        const { exitCode } = runVirtually(plan, options).end;
        if (exitCode === deadlockCode) return { exitCode, isKnown: unstopped.canDeadlock };
        return { exitCode, isKnown: !verdict.mustDeadlock && (exitCode === 0 ? verdict.canSucceed : verdict.canFail) };
      });
      expect(said).toEqual(said.map(({ exitCode }) => ({ exitCode, isKnown: true })));
    }),
    { numRuns: 60 },
  );
});

it.each([
  ['that wait for each other', lockableSpec],
  ['that give back what others hold', looseSpec],
  ['that wait for each other in the order of their arrival', fairSpec],
] as const)('tries enough specs that deadlock, and enough that do not, of processes %s', (_, specs) => {
  const verdicts = fc.sample(specs, { numRuns: 100, seed: 1 }).flatMap((spec) => {
    const plan = planOrNull(spec);
    return plan === null ? [] : [verdictOf(modelOf(plan), false).canDeadlock];
  });
  const refuted = verdicts.filter(Boolean).length / verdicts.length;
  expect(refuted).toBeGreaterThan(0.2);
  expect(1 - refuted).toBeGreaterThan(0.2);
});
