import { expect, it } from 'vitest';
import { judge, toldOf } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { replay } from '../../property/verify/replay.ts';

it.each([
  [
    'asks the primitives',
    `processes:
  a: { wait_for: [go], sets: { ready: go }, steps: [{ sleep: 0ms }] }
  c: { steps: [{ run: x }, { run: x }, { set: go }, { run: x }] }
  d: { steps: [{ wait: go }, { clear: go }] }`,
  ],
  [
    'submits a task',
    `pools: { w: { workers: 1, steps: [{ wait: go }] } }
processes:
  p: { depends_on: [w], steps: [{ set: go }] }
  q: { steps: [{ run: x }, { submit: w, item: 1 }] }`,
  ],
])('a step behind a command that %s waits for its turn, though the slot of the command is only on its way back', (_, spec) => {
  const plan = validPlan(`max_parallel: 1\nevents: { go: }\n${spec}`);
  const { verdict } = judge(plan, { maxStates: 4000, mayGoOn: () => true });
  if (verdict.type !== 'counterexample') throw new Error(`it is ${verdict.type}`);
  for (const { schedule } of toldOf(verdict)) expect(replay(plan, schedule)).toMatchObject({ exitCode: 5, departure: null });
});
