import { expect, it } from 'vitest';
import { judge, toldOf } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { replay } from '../../property/verify/replay.ts';

it('a step behind a command waits for its turn, though the slot of the command is only on its way back', () => {
  const plan = validPlan(`
max_parallel: 1
events: { go: }
processes:
  a: { wait_for: [go], sets: { ready: go }, steps: [{ sleep: 0ms }] }
  c: { steps: [{ run: x }, { run: x }, { set: go }, { run: x }] }
  d: { steps: [{ wait: go }, { clear: go }] }
`);
  const { verdict } = judge(plan, { maxStates: 4000, mayGoOn: () => true });
  if (verdict.type !== 'counterexample') throw new Error(`it is ${verdict.type}`);
  for (const { schedule } of toldOf(verdict)) expect(replay(plan, schedule)).toMatchObject({ exitCode: 5, departure: null });
});
