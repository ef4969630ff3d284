import { expect, it } from 'vitest';
import { certainDeadlock } from '../../../src/verify/certain-deadlock.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };
const again = 's: { steps: [{ join: p }, { start: p }, { join: p }] }';

it.each([
  ['tasks', `pools: { p: { workers: 1, tasks: [1, 2], steps: [{ print: "\${{ item }}" }] } }\nprocesses: { ${again} }`],
  [
    'results',
    `queues: { q: { capacity: 1 } }\npools: { p: { workers: 2, tasks: [1, 2, 3], steps: [{ print: "\${{ item }}" }], results: { queue: q } } }\nprocesses: { r: { steps: [{ each: q, as: one, do: [{ print: "\${{ vars.one }}" }] }] }, ${again} }`,
  ],
])('a pool comes to the end of its %s in each of its lives, whoever may start it again meanwhile', (_, spec) => {
  expect(play(spec).end.exitCode).toBe(0);
  expect(judge(validPlan(spec), budget).verdict).toMatchObject({ type: 'proved', by: 'search' });
  expect(certainDeadlock(validPlan(spec), () => budget)).toBeNull();
});

it('who waits for what a pool does once he has started it again waits for that also while it runs without a task', () => {
  const text = `
pools: { w: { steps: [{ set: e }] } }
events: { e: }
processes: { p: { steps: [{ wait: e }, { start: w }] }, idle: { autostart: false, steps: [{ submit: w, item: 1 }] } }
`;
  expect([{}, { seed: 1 }, { seed: 2 }].map((options) => play(text, options).end.exitCode)).toEqual([5, 5, 5]);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});
