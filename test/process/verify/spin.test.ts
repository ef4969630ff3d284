import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import type { Model } from '../../../src/verify/model.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { writePromela } from '../../../src/verify/promela/write-promela.ts';
import { barrierRounds, boundedBuffer, cyclicScheduler, eatOnce, leftForkFirst, oneLeftHanded, readersWriters, stagedJobs, tickingDaemon } from '../../rig/benchmark-models.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { lineModel, looseModel } from '../../rig/line-models.ts';
import { fairModel, givingModel, missingModel, randomModel } from '../../rig/random-model.ts';
import { runSpin } from '../../rig/run-spin.ts';

async function spinOf(model: Model): Promise<unknown> {
  const text = writePromela(model);
  return text.ok ? runSpin(text.value) : text.error;
}

/** States and edges, with one more of each for every state in which nothing happens any more, and one more edge that leads to the first state. */
function ours(model: Model): unknown {
  const { states, edges, stuckStates, finalStates } = exploreAll(new ModelSystem(model));
  return { states: states + stuckStates + finalStates, transitions: edges + stuckStates + finalStates + 1, errors: stuckStates };
}

/** Two parties and one that sends away whoever has come first. */
function resetBarrier(): Model {
  const party = '{ steps: [{ wait: meet }, { wait: meet }] }';
  return compilePlan(validPlan(`on_failure: continue\nbarriers: { meet: { parties: 2 } }\nprocesses: { a: ${party}, b: ${party}, c: { steps: [{ reset: meet }, { reset: meet }] } }`)).model;
}

/** Two that wait at a condition, one who notifies it, and one who waits as long as it takes. */
function waitingAtCondition(one: string, other: string): Model {
  const waits = (time: string): string => `{ steps: [{ with: l, do: [{ with: l, do: [{ wait: c, ${time} }] }] }] }`;
  return compilePlan(validPlan(`on_failure: continue\nlocks: { l: { reentrant: true } }\nconditions: { c: { lock: l } }\nprocesses: { a: ${waits(one)}, b: ${waits(other)}, p: { steps: [{ with: l, do: [{ wait: c }] }] }, n: { steps: [{ with: l, do: [{ notify: c }] }] } }`)).model;
}

/** What the steps of one process do to another one that only they start. */
function ordering(steps: string): Model {
  return compilePlan(validPlan(`on_failure: continue\nevents: { e: }\npipes: { x: { from: late, to: b } }\nprocesses: { late: { autostart: false, sets: { exit: e }, steps: [{ send: x, item: 1, allow_failure: true }] }, a: { steps: [${steps}] }, b: { steps: [{ each: x, as: i, do: [{ print: x }] }, { wait: e }] } }`)).model;
}

/** A pool that is given tasks, by somebody who waits for the results of some. */
function submitting(steps: string, pool: string): Model {
  return compilePlan(validPlan(`on_failure: continue\nlocks: { left: , right: }\nqueues: { work: { items: [1, 2] } }\npools: { crew: { ${pool} } }\nprocesses: { a: { steps: [${steps}] }, b: { steps: [{ with: [left, right], do: [{ print: x }] }] } }`)).model;
}

it.each([
  ['tasks that come in order', submitting('{ submit: crew, item: 1 }, { submit: crew, items: [1, 2], as: r }, { acquire: left }, { result: r }', 'workers: 1, tasks: [1], steps: [{ acquire: right }]')],
  ['tasks for two slots, that hold something', submitting('{ submit: crew, item: 1, as: r }, { submit: crew, item: 1 }, { acquire: left }, { result: r }', 'workers: 2, tasks: [1, 2], with: [right], steps: [{ acquire: left }]')],
  ['tasks of which nobody knows how many come', submitting('{ each: work, as: i, do: [{ submit: crew, item: 1 }, { submit: crew, item: 2, as: r }, { result: r }] }', 'workers: 1, tasks: [1], steps: [{ acquire: right }]')],
  ['one that is ended before it was started', ordering('{ terminate: late }, { start: late }')],
  ['one that is started again, with no pipe any more', ordering('{ start: late }, { join: late }, { start: late }')],
  ['6 philosophers', leftForkFirst(6)],
  ['6 philosophers, one left-handed', oneLeftHanded(6)],
  ['5 philosophers that eat once', eatOnce(5, false)],
  ['a bounded buffer', boundedBuffer({ producers: 2, consumers: 2, items: 4, capacity: 2 })],
  ['5 readers and 3 writers', readersWriters(5, 3, false)],
  ['a cyclic scheduler', cyclicScheduler(4)],
  ['a barrier', barrierRounds(5)],
  ['a barrier that is reset', resetBarrier()],
  ['waits at a condition for no time at all', waitingAtCondition('block: false, on_timeout: continue', 'block: false')],
  ['waits at the condition of a reentrant lock that is held twice, one of which runs its time', waitingAtCondition('timeout: 1s, on_timeout: continue', 'timeout: 1s')],
  ['3 stages of 3 jobs', stagedJobs(3, 3)],
  ['a daemon that ticks beside two locks', tickingDaemon()],
])('sees what SPIN sees of %s', async (_, model) => {
  expect(await spinOf(model)).toEqual(ours(model));
});

const examples = path.join(import.meta.dirname, '../../../examples/deadlocks');

it.each(readdirSync(examples).flatMap((name) => [`${name}/wrong.yaml`, `${name}/right.yaml`]))('sees what SPIN sees of %s', async (file) => {
  const { model } = compilePlan(validPlan(readFileSync(path.join(examples, file), 'utf8')));
  expect(await spinOf(model)).toEqual(ours(model));
});

it.each(fc.sample(randomModel, { numRuns: 12, seed: 7 }).map((model, index) => [index, model] as const))('sees what SPIN sees of random model %i', async (_, model) => {
  expect(await spinOf(model)).toEqual(ours(model));
});

it.each(fc.sample(fc.oneof(fairModel, lineModel), { numRuns: 12, seed: 7 }).map((model, index) => [index, model] as const))('sees what SPIN sees of random model %i in which some wait in line', async (_, model) => {
  expect(await spinOf(model)).toEqual(ours(model));
});

/** Those apart of which not all permits that there may come to be are told apart: they are refused. */
const areWritten = (model: Model): boolean => writePromela(model).ok;
const writableGivers = fc.oneof(givingModel, looseModel).filter(areWritten);

it.each(fc.sample(writableGivers, { numRuns: 12, seed: 7 }).map((model, index) => [index, model] as const))('sees what SPIN sees of random model %i in which some give back what others hold', async (_, model) => {
  expect(await spinOf(model)).toEqual(ours(model));
});

it.each(fc.sample(missingModel.filter(areWritten), { numRuns: 12, seed: 7 }).map((model, index) => [index, model] as const))('sees what SPIN sees of random model %i in which some may miss what they ask for', async (_, model) => {
  expect(await spinOf(model)).toEqual(ours(model));
});
