import { describe, expect, it } from 'vitest';
import { alwaysDeadlocks } from '../../../src/verify/always-deadlocks.ts';
import { certainDeadlock } from '../../../src/verify/certain-deadlock.ts';
import { judge, type Judgement } from '../../../src/verify/judge.ts';
import { certaintyOf } from '../../rig/certainty-of.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };

/** Nobody starts `idle`; but for it nobody would put what the tasks try to get. */
function spec(pool: string, m: string): string {
  return `
on_failure: continue
locks: { l: , k: }
events: { e: }
queues: { turn: { items: [1] } }
pools: { p: { workers: 2, ${pool} } }
processes:
  m: { steps: [${m}] }
  idle: { autostart: false, steps: [{ put: turn, item: 1 }, { set: e }, { wait: e }] }
`;
}

function judged(text: string): Judgement {
  return judge(validPlan(text), budget);
}

const firstFails = 'steps: [{ get: turn, block: false, on_timeout: [{ sleep: 9ms }, { with: l, do: [{ exit: 0 }] }] }, { sleep: 3ms }, { exit: 1 }]';
const holdsItBehind = '{ close: p }, { with: k, allow_failure: true, do: [{ result: r }, { exit: 0 }] }, { acquire: l }, { join: p }';

describe('a result fails before all tasks of its handle are over', () => {
  it.each([
    ['with the first of them that fails', firstFails, '{ submit: p, items: [1, 2], as: r }'],
    ['with the first that fails of those that are submitted in a loop', firstFails, '{ repeat: 1, as: i, do: [{ submit: p, items: [1, 2], as: r }] }'],
    ['with one that is cancelled, since its pool is halted', `halt: { after: 1 }, ${firstFails}`, '{ submit: p, items: [1, 2] }, { submit: p, item: 3, as: r }'],
  ])('%s, and a deadlock behind that is found', (_, pool, submits) => {
    const text = spec(pool, `${submits}, ${holdsItBehind}`);
    expect(play(text).end.exitCode).toBe(5);
    expect(judged(text).verdict.type).toBe('counterexample');
  });

  it('and who waits for what comes behind is not surely told to do so in vain, since the order of the tasks is not known', () => {
    const text = spec('steps: [{ get: turn, block: false, on_timeout: [{ wait: e }] }, { exit: 1 }]', '{ submit: p, items: [1, 2], as: r }, { result: r, allow_failure: true }, { set: e }');
    expect(play(text).end.exitCode).toBe(1);
    expect(certaintyOf(text, budget)).toBe('possible');
    expect(alwaysDeadlocks(validPlan(text), budget)).toBe(false);
  });
});

describe('a result does not fail whose task has succeeded', () => {
  const others = `
  a: { steps: [{ wait: e }, { acquire: k }, { sleep: 9ms }, { acquire: l }] }
  b: { steps: [{ wait: e }, { acquire: l }, { sleep: 9ms }, { acquire: k }] }`;
  const text = (m: string): string => `${spec('sets: { success: over }, steps: [{ get: turn, block: false, on_timeout: [{ exit: 1 }] }]', m).replace('e: }', 'e: , over: }').replace('{ wait: e }]', '{ wait: e }, { wait: over }]')}${others}`;

  it('as all of a handle do where each finds something to take', () => {
    const fails = text('{ submit: p, item: 1, as: r }, { with: [l], allow_failure: true, do: [{ result: r }, { exit: 0 }] }, { set: e }');
    expect(play(fails).end.exitCode).toBe(1);
    expect(judged(fails).verdict.type).toBe('proved');
  });

  it('and where those of several submits are not told apart, that is doubtful', () => {
    const fails = text('{ repeat: 1, as: i, do: [{ submit: p, item: 1, as: r }, { result: r, allow_failure: true }] }, { set: e }');
    expect(judged(fails).assumptions.map(({ text: said }) => said)).toContain('the `result` of `r` may fail whatever its tasks do');
  });
});

it('a pool that is halted takes what is submitted to it until its end', () => {
  const text = spec('halt: { after: 1 }, tasks: [1, 2], steps: [{ get: turn, block: false, on_timeout: [{ wait: e }, { exit: 0 }] }, { exit: 1 }]', '{ sleep: 5ms }, { with: k, allow_failure: true, do: [{ submit: p, item: 1 }, { acquire: l }, { set: e }, { join: n }] }').replace(
    '  idle:',
    '  n: { steps: [{ sleep: 9ms }, { acquire: l }] }\n  idle:',
  );
  expect(play(text).end.exitCode).toBe(5);
  expect(judged(text).verdict.type).toBe('counterexample');
});

describe('a submit fails once its pool has ended', () => {
  const text = (pool: string, before: string): string => `
on_failure: continue
locks: { l: , k: }
pools: { p: { workers: 1, ${pool} } }
processes:
  n: { steps: [{ sleep: 3ms }, { exit: 1 }] }
  m: { steps: [${before}{ join: p }, { submit: p, item: 1 }, { acquire: l }, { sleep: 9ms }, { acquire: k }] }
  o: { steps: [{ join: p }, { acquire: k }, { sleep: 9ms }, { acquire: l }] }
`;

  it.each([
    ['that was never begun', 'depends_on: [n], steps: [{ print: x }]', ''],
    ['that was halted', 'halt: { after: 1 }, tasks: [1], steps: [{ exit: 1 }]', ''],
    ['that was ended', 'tasks: [1], steps: [{ sleep: 1h }]', '{ sleep: 1ms }, { terminate: p }, '],
  ])('%s, and no deadlock comes of what is behind it', (_, pool, before) => {
    const written = text(pool, before);
    expect(play(written).end.exitCode).toBe(1);
    expect(judged(written).verdict.type).toBe('proved');
  });
});

it('who submits to a pool that he has closed before is refused, also once it has ended', () => {
  const text = `
on_failure: continue
events: { f: }
pools: { w: { steps: [{ exit: 1 }] } }
processes:
  p: { steps: [{ close: w }, { terminate: w }, { submit: w, item: 1 }] }
  q: { steps: [{ wait: f }, { start: w }] }
  idle: { autostart: false, steps: [{ set: f }] }
`;
  expect(play(text).end.exitCode).toBe(1);
  expect(certainDeadlock(validPlan(text), () => ({ maxStates: 20_000, mayGoOn: () => true }))).toBeNull();
  expect(judge(validPlan(text), { maxStates: 20_000, mayGoOn: () => true }).verdict.type).toBe('proved');
});
