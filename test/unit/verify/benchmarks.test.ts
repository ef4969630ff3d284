import { describe, expect, it } from 'vitest';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { ReducedSystem } from '../../../src/verify/reduced-system.ts';
import { shortestWay } from '../../../src/verify/shortest-way.ts';
import type { Model } from '../../../src/verify/model.ts';
import type { TransitionSystem } from '../../../src/verify/transition-system.ts';
import {
  barrierRounds,
  boundedBuffer,
  cyclicScheduler,
  eatOnce,
  eitherForkFirst,
  forksInParallel,
  leftForkFirst,
  nestedPool,
  oneLeftHanded,
  readersWriters,
  roomTicket,
  sleepingBarber,
  stagedJobs,
  tickingDaemon,
} from '../../rig/benchmark-models.ts';
import { barrierWithRelease, manufacturingCells, smokers } from '../../rig/direct-systems.ts';
import { exploreAll, exploreEnough, stepsToStuck, withoutReplicas } from '../../rig/explore-all.ts';

/** What the literature, SPIN, LTSmin or TLC say of a model. */
interface Known {
  readonly states: number;
  readonly edges?: number;
  readonly stuck: number;
  readonly steps: number | null;
  /** States that are looked at where only some actors are followed, which a prototype has counted too. */
  readonly enough?: number;
}

const buffer = (actors: number, capacity: number): Model => boundedBuffer({ producers: actors, consumers: actors, items: 4, capacity });

const models: readonly (readonly [string, Model, Known])[] = [
  ['5 philosophers, either fork first (LTSmin)', eitherForkFirst(5), { states: 243, edges: 945, stuck: 2, steps: 5, enough: 223 }],
  ['8 philosophers, either fork first', eitherForkFirst(8), { states: 6561, edges: 40_824, stuck: 2, steps: 8, enough: 4095 }],
  ['4 philosophers, left fork first (BEEM)', leftForkFirst(4), { states: 80, stuck: 1, steps: 4, enough: 38 }],
  ['6 philosophers, left fork first (BEEM)', leftForkFirst(6), { states: 728, stuck: 1, steps: 6, enough: 92 }],
  ['8 philosophers, left fork first (BEEM)', leftForkFirst(8), { states: 6560, edges: 34_984, stuck: 1, steps: 8, enough: 170 }],
  ['10 philosophers, left fork first (SPIN)', leftForkFirst(10), { states: 59_048, stuck: 1, steps: 10, enough: 272 }],
  ['6 philosophers, one left-handed (BEEM)', oneLeftHanded(6), { states: 729, stuck: 0, steps: null, enough: 79 }],
  ['5 philosophers, 3 in the room (BEEM)', roomTicket(5, 3), { states: 581, stuck: 0, steps: null, enough: 371 }],
  ['9 philosophers, 7 in the room (BEEM)', roomTicket(9, 7), { states: 340_789, stuck: 0, steps: null, enough: 47_482 }],
  ['2 philosophers, forks in parallel (SMART)', forksInParallel(2), { states: 18, stuck: 2, steps: 4 }],
  ['3 philosophers, forks in parallel (SMART)', forksInParallel(3), { states: 76, stuck: 2, steps: 6 }],
  ['5 philosophers, forks in parallel (SMART)', forksInParallel(5), { states: 1364, stuck: 2, steps: 10 }],
  ['6 philosophers, forks in parallel (SMART)', forksInParallel(6), { states: 5778, stuck: 2, steps: 12 }],
  ['3 philosophers that eat once', eatOnce(3, false), { states: 45, stuck: 1, steps: 3, enough: 43 }],
  ['5 philosophers that eat once (SPIN)', eatOnce(5, false), { states: 573, edges: 1475, stuck: 1, steps: 5, enough: 257 }],
  ['8 philosophers that eat once (SPIN)', eatOnce(8, false), { states: 25_889, stuck: 1, steps: 8, enough: 1478 }],
  ['5 philosophers that eat once, forks in one order', eatOnce(5, true), { states: 534, stuck: 0, steps: null, enough: 181 }],
  ['bounded buffer of 2, 2 producers, 2 consumers (SPIN)', buffer(2, 2), { states: 233, stuck: 0, steps: null, enough: 154 }],
  ['bounded buffer of 2, 4 producers, 4 consumers (SPIN)', buffer(4, 2), { states: 109_245, stuck: 0, steps: null, enough: 76_268 }],
  ['3 readers, 2 writers one by one', readersWriters(3, 2, false), { states: 38, stuck: 2, steps: 3, enough: 28 }],
  ['5 readers, 3 writers one by one (SPIN)', readersWriters(5, 3, false), { states: 552, stuck: 18, steps: 5, enough: 231 }],
  ['6 readers, 4 writers one by one', readersWriters(6, 4, false), { states: 2972, stuck: 80, steps: 6, enough: 966 }],
  ['3 readers, 2 writers at once', readersWriters(3, 2, true), { states: 10, stuck: 0, steps: null, enough: 6 }],
  ['5 readers, 3 writers at once (SPIN)', readersWriters(5, 3, true), { states: 35, stuck: 0, steps: null, enough: 9 }],
  ['6 readers, 4 writers at once', readersWriters(6, 4, true), { states: 68, stuck: 0, steps: null, enough: 11 }],
  ['cyclic scheduler of 3', cyclicScheduler(3), { states: 48, stuck: 0, steps: null }],
  ['cyclic scheduler of 4', cyclicScheduler(4), { states: 128, stuck: 0, steps: null }],
  ['cyclic scheduler of 8', cyclicScheduler(8), { states: 4096, stuck: 0, steps: null }],
  ['cyclic scheduler of 13', cyclicScheduler(13), { states: 212_992, stuck: 0, steps: null }],
  ['barrier of 6', barrierRounds(6), { states: 63, stuck: 0, steps: null }],
  ['3 stages of 8 jobs', stagedJobs(3, 8), { states: 19_681, stuck: 0, steps: null, enough: 49 }],
];

function known(exploration: ReturnType<typeof exploreAll>, { edges }: Known): Known {
  return {
    states: exploration.states,
    ...(edges === undefined ? {} : { edges: exploration.edges }),
    stuck: exploration.stuckStates,
    steps: stepsToStuck(exploration),
  };
}

it.each(models)('explores what is known of %s', (_, model, expected) => {
  const { enough: _enough, ...all } = expected;
  expect(known(exploreAll(new ModelSystem(model)), expected)).toEqual(all);
});

it.each(models)('comes to the same where it follows only as many as it takes, in %s', (_, model, { stuck, steps, states, enough }) => {
  const found = exploreEnough(new ReducedSystem(new ModelSystem(model), []));
  expect({ stuck: found.stuckStates, steps: stepsToStuck(found), states: enough === undefined ? null : found.states }).toEqual({ stuck, steps, states: enough ?? null });
  expect(found.states).toBeLessThanOrEqual(states);
  const alike = exploreEnough(withoutReplicas(model));
  expect({ isStuck: alike.stuckStates > 0, steps: stepsToStuck(alike) }).toEqual({ isStuck: stuck > 0, steps });
});

const direct: readonly (readonly [string, TransitionSystem, Known])[] = [
  ['cigarette smokers', smokers(false), { states: 16, stuck: 3, steps: 3 }],
  ['cigarette smokers that pick up at once', smokers(true), { states: 7, stuck: 0, steps: null }],
  ['barrier of 6 with a release of its own (TLC)', barrierWithRelease(6), { states: 64, edges: 193, stuck: 0, steps: null }],
  ['manufacturing cells', manufacturingCells(3), { states: 20, edges: 34, stuck: 2, steps: 4 }],
];

it.each(direct)('explores what is known of %s', (_, system, expected) => {
  expect(known(exploreAll(system), expected)).toEqual(expected);
});

/** No actors: nobody is left out, and none are alike, so that a search for as few states as it takes sees them all. */
it.each(direct)('comes to the same where it asks for no more than it takes, in %s', (_, system, expected) => {
  const found = exploreEnough(system);
  expect(known(found, expected)).toEqual(expected);
  expect(found.trappedStates).toBe(exploreAll(system).trappedStates);
});

it.each([
  [2, 1, 6],
  [2, 2, 16],
  [4, 3, 52],
  [4, 4, 97],
  [16, 16, 15_332],
])('explores a pool of %i with %i nested tasks, whichever task it is, in %i states', (workers, tasks, states) => {
  const exploration = exploreAll(withoutReplicas(nestedPool(workers, tasks)));
  const steps = tasks >= workers ? 2 * workers : null;
  expect({ states: exploration.states, steps: stepsToStuck(exploration) }).toEqual({ states, steps });
  const fewer = exploreEnough(withoutReplicas(nestedPool(workers, tasks)));
  expect({ isStuck: fewer.stuckStates > 0, steps: stepsToStuck(fewer) }).toEqual({ isStuck: steps !== null, steps });
});

it.each([
  [2, 3, 43],
  [3, 5, 122],
  [3, 20, 662],
])('explores a barber with %i chairs and %i customers, whoever they are, in %i states', (chairs, customers, states) => {
  const system = withoutReplicas(sleepingBarber(chairs, customers));
  const [all, enough] = [exploreAll(system), exploreEnough(system)];
  expect({ states: all.states, stuck: all.stuckStates, trapped: all.trappedStates, steps: stepsToStuck(all) }).toEqual({ states, stuck: 0, trapped: 0, steps: null });
  expect({ stuck: enough.stuckStates, trapped: enough.trappedStates, isLess: enough.states < states }).toEqual({ stuck: 0, trapped: 0, isLess: true });
});

it('counts what is alike: the bounded buffer of 109,245 states has 1,129', () => {
  expect(exploreAll(withoutReplicas(buffer(4, 2))).states).toBe(1129);
});

describe('whether the run can always still finish', () => {
  it('tells the 15 legal states of the manufacturing cells from the 5 illegal ones', () => {
    expect(exploreAll(manufacturingCells(3)).trappedStates).toBe(5);
  });

  it('finds the trap in which nothing is stuck, since a daemon goes on for ever', () => {
    const exploration = exploreAll(new ModelSystem(tickingDaemon()));
    expect(exploration).toMatchObject({ states: 26, stuckStates: 0, trappedStates: 2 });
    const way = shortestWay(exploration, exploration.firstTrapped ?? -1);
    expect(way.map((transition) => exploration.system.describe(transition))).toEqual(['one acquires A', 'two acquires B']);
  });
});
