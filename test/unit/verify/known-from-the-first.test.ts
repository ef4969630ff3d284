import { expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { whoFailsEveryRun } from '../../../src/verify/every-run-fails.ts';
import { judge } from '../../../src/verify/judge.ts';
import { replay } from '../../property/verify/replay.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 10_000, mayGoOn: () => true };

/** Nobody starts `n`. */
function spec(a: string, b: string): string {
  return `
on_failure: continue
locks: { l: }
events: { go: }
conditions: { c: { lock: l } }
processes:
  a: { steps: ${a} }
  b: { steps: ${b} }
  n: { autostart: false, steps: [{ with: l, do: [{ notify: c }] }] }
`;
}

it.each([
  ['[{ acquire: l }, { set: go }, { wait: c }]', 1],
  ['[{ acquire: l }, { set: go }, { wait: c, allow_failure: true }, { release: l }]', 0],
])('whoever comes to wait at a condition that nobody can notify from the first on keeps its lock: %s', (a, exitCode) => {
  const text = spec(a, '[{ wait: go }, { acquire: l }, { join: a }]');
  expect(play(text).end.exitCode).toBe(exitCode);
  expect(judge(validPlan(text), budget).verdict.type).toBe('proved');
});

it('whoever goes on after his time at such a condition runs it, without the lock, and fails nothing', () => {
  const waits = '[{ acquire: l }, { wait: c, timeout: 5ms, on_timeout: continue }]';
  expect(play(spec(waits, '[{ print: x }]')).end.exitCode).toBe(0);
  expect(whoFailsEveryRun(validPlan(spec(waits, '[{ print: x }]')), budget)).toEqual([]);
  const text = spec('[{ acquire: l }, { set: go }, { wait: c, timeout: 5ms, on_timeout: continue }, { join: b }]', '[{ wait: go }, { acquire: l }]');
  // The other one has the lock meanwhile, unless he comes only when the time is over.
  expect(play(text).end.exitCode).toBe(0);
  const { verdict } = judge(validPlan(text), budget);
  expect(verdict.type === 'counterexample' ? replay(validPlan(text), verdict.schedule) : verdict).toMatchObject({ exitCode: 5, departure: null });
});

it('whoever waits for the lock of such a condition may do so for ever, as in a run', () => {
  const text = spec('[{ with: l, do: [{ set: go }, { wait: c }] }, { wait: go }]', '[{ with: l, do: [{ join: a }] }]');
  const { verdict } = judge(validPlan(text), budget);
  const replayed = verdict.type === 'counterexample' ? replay(validPlan(text), verdict.schedule) : null;
  expect(replayed).toMatchObject({ exitCode: 5, departure: null });
});

it('whoever waits at a condition that somebody could notify at first gives its lock up, until that is known', () => {
  const text = spec('[{ acquire: l }, { set: go }, { wait: c, timeout: 1m }]', '[{ wait: go }, { acquire: l }, { join: a }, { notify: c }]');
  const { verdict } = judge(validPlan(text), budget);
  expect(verdict.type).toBe('counterexample');
  expect(play(text).end.exitCode).toBe(5);
});

it('a deadlock behind what is put into a queue that nobody takes from is no sure one: a run finds room there only for what is put at once', () => {
  const behindPut = (before: string, reader: string): string => `
on_failure: continue
locks: { l: , m: }
barriers: { met: { parties: 2 } }
queues: { q: { capacity: 2 } }
processes:
  p: { steps: [${before}{ put: q, item: 1 }, { with: l, do: [{ wait: met }, { acquire: m }] }] }
  d: { steps: [{ with: m, do: [{ wait: met }, { acquire: l }] }] }
  c: { ${reader}steps: [{ each: q, as: x, do: [{ print: x }] }] }
`;
  const severities = (text: string): readonly string[] => deadlockFindings(validPlan(text), judge(validPlan(text), budget), () => ({ source: { name: '', text: '' }, start: 0, end: 0 })).map(({ severity }) => severity);
  const isNever = behindPut('{ sleep: 5ms }, ', 'autostart: false, ');
  expect([play(isNever).end.exitCode, ...severities(isNever)]).toEqual([1, 'warning']);
  expect(play(behindPut('', 'autostart: false, ')).end.exitCode).toBe(5);
  const isTaken = behindPut('{ sleep: 5ms }, ', '');
  expect([play(isTaken).end.exitCode, ...severities(isTaken)]).toEqual([5, 'error']);
});
