import { expect, it } from 'vitest';
import { makesDoubtful } from '../../../src/verify/assumption.ts';
import { judge, type Judgement } from '../../../src/verify/judge.ts';
import { certaintyOf } from '../../rig/certainty-of.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';
import type { WorldOptions } from '../../rig/world-options.ts';

/** Two that wait for each other once nobody takes a task of `p` any more. */
function behindRefusal(p: string): string {
  return `
on_failure: continue
locks: { l: , z: }
pools: { p: { workers: 1, allow_failure: true, ${p} } }
processes:
  m: { steps: [{ sleep: 50ms }, { with: z, allow_failure: true, do: [{ submit: p, item: 1 }, { exit: 0 }] }, { acquire: l }, { join: n }] }
  n: { steps: [{ sleep: 100ms }, { acquire: l }] }
`;
}

function judged(text: string): Judgement {
  return judge(validPlan(text), { maxStates: 20_000, mayGoOn: () => true });
}

it.each<[string, string, WorldOptions]>([
  ['the initializer of its worker fails', 'tasks: [0], worker: serve, initializer: exit 1', {}],
  ['one worker after the other ends without an answer', 'tasks: [die, die, die, die, die], worker: serve', {}],
  ['its job log cannot be opened', 'steps: [{ print: x }], joblog: j', { unwritable: { j: 'closed' } }],
  ['its tasks cannot be read', 'tasks: { lines: t }, command: sleep 1', { sources: { p: 'there is no such file' } }],
  ['its results cannot be opened', 'tasks: [0], command: sleep 1, results: { file: r }', { unwritable: { r: 'closed' } }],
])('nobody takes the tasks of a pool any more once %s', (_, p, options) => {
  const text = behindRefusal(p);
  const judgement = judged(text);
  // It is up to the run whether it comes to that.
  expect(judgement.verdict.type === 'counterexample' && makesDoubtful(judgement.assumptions, judgement.verdict)).toBe(true);
  expect(play(text, options).of('run.deadlock')).toHaveLength(1);
});

it('without a task there is no worker that could fail', () => {
  const text = behindRefusal('worker: serve, initializer: exit 1');
  expect(judged(text).verdict.type).toBe('proved');
  expect(play(text).of('run.deadlock')).toHaveLength(0);
});

it('a pool that is refused its start has ended for those who submit to it then, so that a deadlock behind such a submit is only possible', () => {
  const text = `
on_failure: continue
locks: { l: , m: }
pools: { p: { workers: 1, depends_on: [x], allow_failure: true, steps: [{ print: x }] } }
processes:
  x: { steps: [{ exit: 1 }], allow_failure: true }
  a: { depends_on: { x: { condition: exit } }, steps: [{ submit: p, item: 1 }, { acquire: l }, { sleep: 9ms }, { acquire: m }] }
  b: { steps: [{ acquire: m }, { sleep: 9ms }, { acquire: l }] }
`;
  expect([1, 2, 3, 4].map((seed) => play(text, { seed }).end.exitCode)).toEqual([1, 1, 1, 1]);
  expect(certaintyOf(text, { maxStates: 20_000, mayGoOn: () => true })).toBe('possible');
});
