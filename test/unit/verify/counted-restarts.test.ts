import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge } from '../../../src/verify/judge.ts';
import { certaintyOf } from '../../rig/certainty-of.ts';
import { codesOf, validPlan } from '../../rig/plan-of-text.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { replay } from '../../property/verify/replay.ts';

const budget = { maxStates: 50_000, mayGoOn: (): boolean => true };
const waitsFor = (restarts: string): string => `on_failure: continue\ndaemons: { d: { steps: [{ print: x }], restart: always, backoff: { initial: 1ms }${restarts} } }\nevents: { e: }\nprocesses: { a: { steps: [{ join: d }] } }`;

it.each([
  ['a few restarts', ', max_restarts: 2'],
  ['none', ', max_restarts: 0'],
  ['more than are told apart', ', max_restarts: 9'],
])('who waits for the end of what is given up after %s does so only for a while', (_, restarts) => {
  const plan = validPlan(waitsFor(restarts));
  expect(judge(plan, budget).verdict.type).toBe('proved');
  expect(runVirtually(plan).end.exitCode).toBe(1);
});

it('the run of a process that is given up after some restarts is not said to last for ever', () => {
  expect(codesOf('processes: { a: { command: x, restart: always } }')).toEqual(['MP701']);
  expect(codesOf('processes: { a: { command: x, restart: always, max_restarts: 3 } }')).toEqual([]);
});

describe('what is given up after some restarts within a time', () => {
  const limits = (count: number): string => `restart: on_failure, max_restarts: { count: ${count}, within: 1s }, backoff: { initial: 1ms, max: 1ms }`;

  it.each([0, 1, 3])('is so after %i of them on the way that is told', (count) => {
    const plan = validPlan(`on_failure: continue\nevents: { go: }\nprocesses:\n  p: { command: x, sets: { success: go }, ${limits(count)} }\n  w: { wait_for: [go], steps: [{ print: x }, { set: go }] }`);
    const { verdict } = judge(plan, budget);
    if (verdict.type !== 'counterexample') throw new Error(verdict.type);
    expect(verdict.schedule.operations.filter(({ op }) => op === 'program')).toHaveLength(count + 1);
    expect(replay(plan, verdict.schedule)).toMatchObject({ exitCode: 5, departure: null });
  });

  const failsOnce = (event: string): string => `{ wait: ${event}, block: false, on_timeout: [{ set: ${event} }, { exit: 1 }] }`;
  const selfish = '{ wait: go }, { set: go }';

  it.each([
    ['fewer', `p: { steps: [${failsOnce('e')}], LIMITS }, w: { depends_on: { p: { condition: failure } }, steps: [${selfish}] }`, 1, 0],
    ['more', `p: { steps: [${failsOnce('e')}, ${failsOnce('f')}, ${selfish}], LIMITS }`, 1, 2],
  ])('is told as possible behind %s of them, and as sure behind so many', (_, processes, other, count) => {
    const spec = (limit: number): string => `on_failure: continue\nevents: { e: , f: , go: }\nprocesses: { ${processes.replace('LIMITS', limits(limit))} }`;
    expect([certaintyOf(spec(other), budget), certaintyOf(spec(count), budget)]).toEqual(['possible', 'some interleaving']);
  });
});

describe('what is restarted for ever, as it is declared, may fail so often that it is given up', () => {
  const spec = (more: string): string => `
${more}
locks: { a: , b: }
events: { e: }
barriers: { met: { parties: 2 } }
processes:
  w: { allow_failure: true, steps: [{ wait: e }] }
  x: { depends_on: { w: { condition: failure } }, steps: [{ with: a, do: [{ wait: met }, { with: b, do: [{ print: x }] }] }] }
  y: { depends_on: { w: { condition: failure } }, steps: [{ with: b, do: [{ wait: met }, { with: a, do: [{ print: x }] }] }] }
daemons: { p: { restart: always, backoff: { initial: 1ms, max: 1ms }, steps: [{ run: exit 1 }, { set: e }] } }
`;

  it('and others that go on then may wait for ever', () => {
    const plan = validPlan(spec('on_failure: continue'));
    const judged = judge(plan, budget);
    expect(judged.verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'x' }, { name: 'y' }] });
    expect(deadlockFindings(plan, judged, () => ({ source: { name: '', text: '' }, start: 0, end: 0 }))[0]).toMatchObject({ code: 'MP901', severity: 'warning', certainty: 'possible' });
    expect(runVirtually(plan).end.exitCode).toBe(5);
  });

  it('and with its failure the run is over', () => {
    const plan = validPlan(spec('on_failure: stop'));
    expect(judge(plan, budget).verdict.type).toBe('proved');
    expect(runVirtually(plan).end.exitCode).toBe(1);
  });

  it('and is awaited for ever where it is not', () => {
    const text = 'on_failure: continue\nqueues: { q: }\nprocesses: { c: { steps: [{ each: q, as: i, do: [{ print: x }] }] } }\ndaemons: { p: { restart: always, steps: [{ run: x }, { put: q, item: 1 }] } }';
    const plan = validPlan(text);
    const judged = judge(plan, budget);
    expect(judged.verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'c', waitsFor: [] }] });
    expect(deadlockFindings(plan, judged, () => ({ source: { name: '', text: '' }, start: 0, end: 0 }))[0]?.note).toBe('`p` is restarted for ever: only once it is given up, after `max_restarts`, does that end');
  });
});
