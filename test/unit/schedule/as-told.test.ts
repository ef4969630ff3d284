import { expect, it } from 'vitest';
import { judge, toldOf } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { replay } from '../../property/verify/replay.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };

it('a step that sets an event which a moment sets as well waits for its own turn', () => {
  const plan = validPlan('events: { go: }\nprocesses:\n  a: { sets: { ready: go, exit: go }, steps: [{ set: go }, { wait: go }] }\n  b: { steps: [{ wait: go }, { clear: go }] }\n');
  const { verdict } = judge(plan, budget);
  const replays = verdict.type === 'counterexample' ? toldOf(verdict).map(({ schedule }) => replay(plan, schedule)) : [];
  expect(replays).toMatchObject([{ exitCode: 5, departure: null, cycle: [{ instance: 'a' }] }]);
});

it('a step that is done with an item of a queue fails where none is in hand, though nobody joins the queue', () => {
  const plan = validPlan('queues: { work: }\nprocesses:\n  a: { steps: [{ task_done: work }, { join: b }] }\n  b: { depends_on: { a: { condition: exit } }, steps: [{ print: x }] }\n  c: { steps: [{ get: work }] }\n  d: { steps: [{ put: work, item: 1 }] }\n');
  expect(judge({ ...plan, onFailure: 'continue' }, budget).verdict).toMatchObject({ type: 'proved' });
});
