import { expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';
import type { WorldOptions } from '../../rig/world-options.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };

/** Who takes two locks in the other order than another one, once `m` has failed. */
function spec(pool: string, m: string): string {
  return `
on_failure: continue
locks: { left: , right: }
pools: { crew: { ${pool} } }
processes:
  m: { ${m} }
  u: { depends_on: { m: { condition: failure } }, steps: [{ acquire: left }, { sleep: 1s }, { acquire: right }] }
  v: { depends_on: { m: { condition: exit } }, steps: [{ acquire: right }, { sleep: 1s }, { acquire: left }] }`;
}

const later = 'steps: [{ sleep: 50ms }, { submit: crew, item: 1 }]';
const waits = 'steps: [{ submit: crew, item: 1, as: r }, { result: r }]';

it.each<readonly [string, string, WorldOptions]>([
  ['the file of its results cannot be opened', spec('results: { file: out }, steps: [{ sleep: 1ms }]', later), { unwritable: { out: 'closed' } }],
  ['its job log cannot be opened, and a result does not come', spec('joblog: out, steps: [{ sleep: 1ms }]', waits), { unwritable: { out: 'closed' } }],
  ['its initializer fails', spec('worker: serve, initializer: exit 1, tasks: [1]', later), {}],
  ['its initializer fails, and a result does not come', spec('worker: serve, initializer: exit 1', waits), {}],
  ['its tasks cannot be read', spec('tasks: { lines: out }, steps: [{ sleep: 1ms }]', later), { sources: { crew: 'no such file' } }],
  ['its tasks cannot be read, though it would be halted by two failures', spec('tasks: { lines: out }, halt: { after: 2 }, steps: [{ sleep: 1ms }]', later), { sources: { crew: 'no such file' } }],
  ['it has ended, by whoever submits nothing', spec('halt: { after: 1 }, tasks: [1], steps: [{ exit: 1 }]', 'steps: [{ sleep: 50ms }, { submit: crew, items: [] }]'), {}],
])('the check knows that a pool takes no tasks where %s', (_, text, options) => {
  expect(play(text, options).end.exitCode).toBe(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});

it('whoever puts nothing into a queue that he has closed goes on, in a run as in the check', () => {
  const text = 'queues: { q: }\nprocesses: { a: { steps: [{ close: q }, { put: q, items: [] }] }, idle: { autostart: false, steps: [{ put: q, item: 1 }, { get: q }] } }';
  expect(play(text).end.exitCode).toBe(0);
});

it('the check knows that a pool fails whose tasks cannot be read, though none of them could fail', () => {
  const text = `
on_failure: continue
locks: { left: , right: }
pools: { crew: { tasks: { lines: out }, steps: [{ sleep: 1ms }] } }
processes:
  u: { depends_on: { crew: { condition: failure } }, steps: [{ acquire: left }, { sleep: 1s }, { acquire: right }] }
  v: { depends_on: { crew: { condition: exit } }, steps: [{ acquire: right }, { sleep: 1s }, { acquire: left }] }`;
  expect(play(text, { sources: { crew: 'no such file' } }).end.exitCode).toBe(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});
