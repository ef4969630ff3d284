import { describe, expect, it } from 'vitest';
import { makesDoubtful } from '../../../src/verify/assumption.ts';
import { certainDeadlock } from '../../../src/verify/certain-deadlock.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };

/** Whether a plan deadlocks for certain, is sure to in some order of events, or only seems to. */
function told(text: string): string {
  const plan = validPlan(text);
  if (certainDeadlock(plan, () => budget) !== null) return 'always';
  const { verdict, assumptions } = judge(plan, budget);
  if (verdict.type !== 'counterexample') return verdict.type;
  return makesDoubtful(assumptions, verdict) ? 'seems to' : 'may';
}

describe('a pool to which only those submit who are started by its own tasks', () => {
  it.each([
    ['start', 'pools: { p: { workers: 2, tasks: [1], steps: [{ start: w, allow_failure: true }] } }\nprocesses: { w: { autostart: false, steps: [{ submit: p, item: 2, as: r }, { result: r }] } }'],
    ['start, which are pools', 'queues: { t: { items: [1] } }\npools:\n  a: { workers: 1, tasks: [1], steps: [{ start: b, allow_failure: true }] }\n  b: { workers: 1, autostart: false, tasks: [1], allow_failure: true, steps: [{ get: t }, { submit: a, item: 1 }] }'],
  ])('ends in a run once it has no task, and so no deadlock of it is sure: by those whom they %s', (_, text) => {
    expect(play(text).end.exitCode).toBe(0);
    expect(told(text)).toBe('seems to');
  });

  it('is in a deadlock for certain where its tasks wait for each other', () => {
    const text = 'pools:\n  a: { workers: 1, tasks: [1], steps: [{ submit: b, item: 1, as: r }, { result: r }] }\n  b: { workers: 1, steps: [{ submit: a, item: 1, as: r }, { result: r }] }';
    expect(play(text).end.exitCode).toBe(5);
    expect(told(text)).toBe('always');
  });

  it('spares no other deadlock beside it', () => {
    const text =
      'locks: { l: , m: }\npools: { p: { workers: 2, tasks: [1], steps: [{ start: w, allow_failure: true }] } }\nprocesses:\n  w: { autostart: false, steps: [{ submit: p, item: 2 }] }\n  x: { steps: [{ acquire: l }, { run: make }, { acquire: m }] }\n  y: { steps: [{ acquire: m }, { run: make }, { acquire: l }] }';
    const { verdict, assumptions } = judge(validPlan(text), budget);
    const all = verdict.type === 'counterexample' ? [verdict, ...verdict.others] : [];
    expect(all.map((one) => [one.stuck.map(({ name }) => name).join(' '), makesDoubtful(assumptions, one)])).toContainEqual(['x y', false]);
  });
});

describe('a pool whose results come into the queue that its tasks come from', () => {
  it.each(['', ', capacity: 1'])('never ends, of which it is told with a queue that has items%s', (bound) => {
    const text = `timeout: 5s\nqueues: { q: { items: [1]${bound} } }\npools: { p: { workers: 1, tasks: { queue: q }, results: { queue: q }, steps: [{ sleep: 100ms }] } }`;
    expect(play(text).end.exitCode).toBe(124);
    expect(judge(validPlan(text), budget).verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'p', waitsFor: [] }] });
    expect(certainDeadlock(validPlan(text), () => budget)).toBeNull();
  });
});
