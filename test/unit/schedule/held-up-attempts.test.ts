import { expect, it } from 'vitest';
import { judge, toldOf } from '../../../src/verify/judge.ts';
import { replay } from '../../property/verify/replay.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };

it.each([
  ['of a command that has no part in it', 'queues: { work: { capacity: 1 } }\nprocesses: { a: { timeout: 10ms, steps: [{ run: exit 0 }] }, b: { steps: [{ put: work, items: [1, 2] }, { each: work, do: [{ close: work }] }] } }'],
  ['of steps that have no part in it', 'queues: { work: }\nprocesses: { a: { timeout: 10ms, steps: [{ exit: 0 }] }, b: { steps: [{ get: work }] } }\nfinally: { d: { steps: [{ put: work, item: 1 }] } }'],
  ['of tasks that have no part in it', 'queues: { work: { capacity: 1 } }\npools: { p: { timeout: 10ms, tasks: [1], steps: [{ exit: 0 }] } }\nprocesses: { b: { steps: [{ put: work, items: [1, 2] }, { each: work, do: [{ close: work }] }] } }'],
])('a deadlock is come to along its schedule before the time is over %s', (_, text) => {
  const plan = validPlan(text);
  const { verdict } = judge(plan, budget);
  const replays = verdict.type === 'counterexample' ? toldOf(verdict).map(({ schedule }) => replay(plan, schedule)) : [];
  expect(replays.map(({ exitCode, departure }) => ({ exitCode, departure }))).toEqual([{ exitCode: 5, departure: null }]);
});
