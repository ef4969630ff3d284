import { expect, it } from 'vitest';
import { leavesOut } from '../../../src/verify/assumption.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };

it('a pool kills its tasks only for failures, so that a proof leaves out those that go on where its tasks cannot be read', () => {
  const text = `
on_failure: continue
locks: { l: }
events: { e: , go: , begun: }
queues: { turn: { items: [1] } }
pools: { p: { workers: 2, tasks: { lines: t }, halt: { after: 1 }, on_halt: kill, allow_failure: true, wait_for: [go], steps: [{ get: turn, block: false, on_timeout: [{ set: e }, { exit: 0 }] }, { acquire: l }, { set: begun }, { wait: e }] } }
processes:
  a: { steps: [{ submit: p, item: 1 }, { set: go }, { wait: begun }, { sleep: 100ms }, { submit: p, item: 2, allow_failure: true }] }
  n: { wait_for: [begun], steps: [{ acquire: l }, { set: e }] }
`;
  expect(play(text, { sources: { p: 'no such file' } }).end.exitCode).toBe(5);
  const { verdict, assumptions } = judge(validPlan(text), budget);
  expect(verdict.type === 'proved' && !leavesOut(assumptions)).toBe(false);
});

it('one whose tasks stand in the spec is proved as a whole', () => {
  const text = 'locks: { l: }\npools: { p: { workers: 2, tasks: [1, 2], halt: { after: 1 }, on_halt: kill, steps: [{ with: l, do: [{ run: make }] }] } }\n';
  const { verdict, assumptions } = judge(validPlan(text), budget);
  expect([verdict.type, leavesOut(assumptions)]).toEqual(['proved', false]);
});
