import { expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const waitsForNoResult = 'programs do not wait for the results of tasks that they submit';

function assumedOf(text: string): readonly string[] {
  return judge(validPlan(text), { maxStates: 10_000, mayGoOn: () => true }).assumptions.flatMap(({ kind, text: said }) => (kind === 'assumed' ? [said] : []));
}

it.each([
  ['a pool may submit to itself', 'pools: { w: { workers: 2, tasks: [1], command: x, uses: { w: submit } } }'],
  ['a process may submit', 'pools: { w: { workers: 2, command: x } }\nprocesses: { a: { command: x, uses: { w: submit } } }'],
])('a proof says what it takes for granted where %s by a program', (_, text) => {
  expect(assumedOf(text)).toContain(waitsForNoResult);
});

it('a proof takes nothing of that kind for granted where steps submit, since they say whether they wait', () => {
  expect(assumedOf('pools: { w: { workers: 2, command: x } }\nprocesses: { a: { steps: [{ submit: w, item: 1, as: r }, { result: r }] } }')).not.toContain(waitsForNoResult);
});

it.each([
  ['a worker of it can be had', 'worker: serve, tasks: [1]', 'a worker of `w` can be had'],
  ['what it reads its tasks from can be read', 'command: x, tasks: { lines: list }', 'what the tasks of `w` are read from can be read'],
])('a proof says of a pool that only programs submit to that it takes for granted that %s, and nothing of that kind where steps do', (_, pool, said) => {
  const text = (submits: string): string => `pools: { w: { ${pool} } }\nprocesses: { a: { ${submits} } }`;
  expect(assumedOf(text('command: x, uses: { w: submit }'))).toContain(said);
  expect(assumedOf(text('steps: [{ submit: w, item: 1 }]'))).not.toContain(said);
});
