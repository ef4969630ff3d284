/* Waits at a condition of which the check was wrong, each beside a run. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { whoFailsEveryRun } from '../../../src/verify/every-run-fails.ts';
import { replay } from '../../property/verify/replay.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { runVirtually } from '../../rig/virtual-world.ts';

const budget = { maxStates: 10_000, mayGoOn: () => true };

describe('who waits at a condition that nobody can still notify goes on after its time, where it is to', () => {
  it.each([
    ['for a while', 'timeout: 10ms, on_timeout: continue'],
    ['for no time at all', 'block: false, on_timeout: continue'],
  ])('%s', (_, time) => {
    const plan = validPlan(
      `locks: { l: }\nconditions: { c: { lock: l } }\nprocesses:\n  idle: { autostart: false, steps: [{ with: l, do: [{ notify: c }] }] }\n  a: { steps: [{ with: l, do: [{ wait: c, ${time} }] }, { print: over }] }`,
    );
    expect(whoFailsEveryRun(plan, budget)).toEqual([]);
    expect(runVirtually(plan).end.exitCode).toBe(0);
  });
});

it.each([
  [
    'nobody is notified who waits for no time at all',
    'locks: { l: }\nevents: { e: }\nconditions: { c: { lock: l } }\nprocesses:\n  a: { steps: [{ with: l, do: [{ set: e }, { wait: c }] }] }\n  b: { steps: [{ with: l, do: [{ wait: c, block: false, on_timeout: [{ print: x }] }] }] }\n  c1: { steps: [{ wait: e }, { with: l, do: [{ notify: c }] }, { join: a }, { with: l, do: [{ notify: c }] }] }',
  ],
  [
    'a reentrant lock is given up however often it is held',
    'locks: { l: { reentrant: true } }\nconditions: { c: { lock: l } }\nprocesses:\n  a: { steps: [{ with: l, do: [{ with: l, do: [{ wait: c }] }] }] }\n  b: { steps: [{ with: l, do: [{ notify: c }] }] }',
  ],
])('proves that nobody waits for ever where %s', (_, text) => {
  const plan = validPlan(text);
  expect(judge(plan, budget).verdict.type).toBe('proved');
  expect(runVirtually(plan).events.filter(({ type }) => type === 'run.deadlock')).toEqual([]);
});

it('a reentrant lock is held as often again after a wait at its condition', () => {
  const plan = validPlan(
    'locks: { l: { reentrant: true }, k: }\nconditions: { c: { lock: l } }\nprocesses:\n  a: { steps: [{ acquire: l }, { acquire: l }, { wait: c }, { release: l }, { acquire: k }] }\n  b: { steps: [{ with: l, do: [{ notify: c }] }, { acquire: k }, { acquire: l }] }',
  );
  const { verdict } = judge(plan, budget);
  expect(verdict.type).toBe('counterexample');
  if (verdict.type !== 'counterexample') return;
  expect(replay(plan, verdict.schedule)).toMatchObject({ exitCode: 5, departure: null });
});

it('the schedule of a deadlock follows one who waits at a condition for no time at all', () => {
  const plan = validPlan(
    'locks: { l: , k: }\nconditions: { c: { lock: l } }\nprocesses:\n  idle: { autostart: false, steps: [{ with: l, do: [{ notify: c }] }] }\n  a: { steps: [{ with: l, do: [{ wait: c, block: false, on_timeout: continue }, { acquire: k }] }] }\n  b: { steps: [{ with: k, do: [{ acquire: l }] }] }',
  );
  const { verdict } = judge(plan, budget);
  expect(verdict.type).toBe('counterexample');
  if (verdict.type !== 'counterexample') return;
  expect(replay(plan, verdict.schedule)).toMatchObject({ exitCode: 5, departure: null });
});
