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
