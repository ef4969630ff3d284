import { expect, it } from 'vitest';
import { leavesOut } from '../../../src/verify/assumption.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { runVirtually } from '../../rig/virtual-world.ts';

const others = 'b: { steps: [{ put: work, item: 1 }, { put: work, item: 1 }] }';
const planWith = (steps: string): ReturnType<typeof validPlan> => validPlan(`queues: { work: { items: [1] } }\nprocesses:\n  a: { steps: [{ each: work, as: i, do: [${steps}] }, { put: work, item: 1 }] }\n  ${others}`);
const budget = { maxStates: 4000, mayGoOn: (): boolean => true };

it('which of several items is done within the `each` of one is not taken for looked at', () => {
  const plan = planWith('{ task_done: work }, { get: work }');
  expect(runVirtually(plan).end.exitCode).toBe(5);
  const { verdict, assumptions } = judge(plan, budget);
  expect(verdict.type === 'proved' && !leavesOut(assumptions)).toBe(false);
  expect(assumptions.map(({ kind, text }) => [kind, text])).toContainEqual(['left_out', 'which items of `work` `a` has in hand within its `each`']);
});

it('an item that is done before the end of its `each` is, where no other is taken there', () => {
  const plan = planWith('{ task_done: work }, { sleep: 1ms }');
  expect(runVirtually(plan).end.exitCode).toBe(0);
  const { verdict, assumptions } = judge(plan, budget);
  expect([verdict.type, leavesOut(assumptions)]).toEqual(['proved', false]);
});
