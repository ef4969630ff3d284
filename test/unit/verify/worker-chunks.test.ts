import { expect, it } from 'vitest';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

it.each([
  ['only where they have more than one at a time', 'chunk: 1, uses: { q: put }', []],
  ['only where one may wait for another', 'chunk: 2', []],
  ['only where they are handed so many', 'chunk: 2, uses: { q: put }, with: l', []],
  ['where they do', 'chunk: 2, uses: { q: put }', ['left_out: tasks of `w` that wait in a worker for the one before them (`chunk: 2`)']],
])('leaves out that the tasks of a worker wait for each other, %s', (_, keys, expected) => {
  const { assumptions } = compilePlan(validPlan(`locks: { l: }\nqueues: { q: { items: [1] } }\npools: { w: { worker: x, tasks: [1, 2], ${keys} } }\nprocesses: { a: { steps: [{ each: q, as: i, do: [{ print: x }] }] } }`));
  expect(assumptions.flatMap(({ kind, text }) => (kind === 'left_out' ? [`${kind}: ${text}`] : []))).toEqual(expected);
});
