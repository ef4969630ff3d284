import { expect, it } from 'vitest';
import { alwaysDeadlocks } from '../../../src/verify/always-deadlocks.ts';
import { whoFailsEveryRun } from '../../../src/verify/every-run-fails.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 10_000, mayGoOn: () => true };

/** `late` and `crew` nobody starts but `f`, which does `last`. */
function spec(a: string, last: string, daemons = ''): string {
  return `
events: { go: }
queues: { work: }
processes:
  a: ${a}
  late: { autostart: false, steps: [{ print: late }] }
pools: { crew: { autostart: false, workers: 1, steps: [{ print: task }] } }
${daemons}
finally:
  f: ${last}
`;
}

const starts = '{ steps: [{ start: late }, { start: crew }] }';
const sets = '{ steps: [{ set: go }] }';

it.each([
  ['the end of a process that only `finally` starts', '{ steps: [{ join: late }] }', starts, ''],
  ['the end of a pool that only `finally` starts', '{ steps: [{ join: crew }] }', starts, ''],
  ['the result of a task of a pool that only `finally` starts', '{ steps: [{ submit: crew, item: 1, as: r }, { result: r }] }', starts, ''],
  ['the success of a process that only `finally` starts', '{ command: [./a], depends_on: { late: { condition: success } } }', starts, ''],
  ['the end of one of `finally`', '{ steps: [{ join: f }] }', sets, ''],
  ['the end of one of `finally` before its start', '{ command: [./a], depends_on: { f: { condition: exit } } }', sets, ''],
  ['what only a program of `finally` sets', '{ steps: [{ join: f, timeout: 1ms, on_timeout: continue }, { wait: go }] }', '{ command: sleep 1, uses: { go: set } }', ''],
  ['what is set at the end of one of `finally` only', '{ steps: [{ join: late, timeout: 1ms, on_timeout: continue }, { wait: go }] }', '{ steps: [{ start: late }], sets: { exit: go } }', ''],
  ['items of one of `finally` that waits for the end of a daemon', '{ steps: [{ each: work, as: item, do: [{ print: item }] }] }', '{ depends_on: { d: { condition: exit } }, steps: [{ put: work, item: 1 }] }', 'daemons: { d: { command: sleep 1000 } }'],
])('a process that waits for %s waits for ever in every run', (_, a, last, daemons) => {
  const text = spec(a, last, daemons);
  expect(play(text).end.exitCode).toBe(5);
  const plan = validPlan(text);
  const { verdict } = judge(plan, budget);
  expect(verdict.type === 'counterexample' ? verdict.stuck.map(({ name }) => name) : verdict).toContain('a');
  expect(alwaysDeadlocks(plan, budget)).toBe(true);
  expect(whoFailsEveryRun(plan, budget)).toEqual([]);
});

it.each([
  ['it was ended before', '{ steps: [{ kill: f }, { wait: go }] }', sets],
  ['it cannot be started before', '{ steps: [{ start: f, allow_failure: true }, { wait: go }] }', '{ autostart: false, steps: [{ set: go }] }'],
  ['a wait for it has a time', '{ steps: [{ join: late, timeout: 1ms }] }', starts],
])('a process that means one of `finally` fails in every run, and does not deadlock, where %s', (_, a, last) => {
  const text = spec(a, last);
  expect(play(text).end.exitCode).toBe(1);
  const plan = validPlan(text);
  expect(judge(plan, budget).verdict.type).toBe('proved');
  expect(alwaysDeadlocks(plan, budget)).toBe(false);
  expect(whoFailsEveryRun(plan, budget)).toMatchObject([{ name: 'a' }]);
});

it.each([
  ['itself', '{ steps: [{ submit: open, item: 1, allow_failure: true }] }'],
  ['by a program', '{ command: exit 0, uses: { open: submit } }'],
  ['by a process that it starts', '{ steps: [{ start: late }, { join: late }] }'],
])('a pool has ended though one of `finally` submits to it %s, as in a run', (_, last) => {
  const text = `pools: { open: { workers: 1, tasks: [1], steps: [{ print: task }] } }\nprocesses: { a: { steps: [{ join: open }] }, late: { autostart: false, steps: [{ submit: open, item: 1, allow_failure: true }] } }\nfinally: { f: ${last} }`;
  expect(play(text).end.exitCode).toBe(0);
  expect(judge(validPlan(text), budget).verdict.type).toBe('proved');
  expect(alwaysDeadlocks(validPlan(text), budget)).toBe(false);
});
