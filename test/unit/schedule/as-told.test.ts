import { expect, it } from 'vitest';
import { judge, toldOf } from '../../../src/verify/judge.ts';
import { certaintyOf } from '../../rig/certainty-of.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';
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

it('a deadlock is possible only where somebody misses the end of a queue that another one finds, of which a run tells all who wait', () => {
  const text = 'on_failure: continue\nqueues: { work: { capacity: 2 } }\nprocesses:\n  a: { steps: [{ each: work, do: [{ print: x }] }] }\n  c: { depends_on: { a: { condition: success } }, steps: [{ start: d }] }\n  d: { steps: [{ put: work, item: 1 }, { each: work, do: [{ print: x }] }] }\n';
  expect(certaintyOf(text, budget)).toBe('possible');
  expect([undefined, 1, 2, 3, 4, 5].map((seed) => play(text, seed === undefined ? {} : { seed }).end.exitCode)).not.toContain(5);
});
