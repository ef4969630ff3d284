import { describe, expect, it } from 'vitest';
import { leavesOut } from '../../../src/verify/assumption.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { judge } from '../../../src/verify/judge.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };

/** Each task finds something to do as long as there is something in `turn`, into which nobody puts. */
function spec(pools: string, last: string): string {
  const finds = '{ get: turn, block: false, on_timeout: [{ exit: 0 }] }';
  return `
on_failure: continue
queues: { turn: { items: [1, 2, 3] } }
pools: ${pools.replaceAll('FINDS', finds).replaceAll('LAST', last)}
processes: { idle: { autostart: false, steps: [{ get: turn }, { put: turn, item: 1 }] } }
`;
}

const two = '{ p: { workers: 2, tasks: [1], steps: [FINDS, { submit: w, item: 1 }LAST] }, w: { workers: 1, steps: [FINDS, { submit: p, item: 1 }] } }';
const three = '{ p: { workers: 1, tasks: [1], steps: [FINDS, { submit: w, item: 1 }LAST] }, w: { workers: 1, steps: [FINDS, { submit: v, item: 1 }] }, v: { workers: 1, steps: [FINDS, { submit: p, item: 1 }] } }';

describe('pools whose tasks submit to each other', () => {
  it.each([
    ['two', spec(two, '')],
    ['three', spec(three, '')],
    ['programs', 'pools: { fetch: { workers: 1, tasks: [1], command: sleep 1, uses: { parse: submit } }, parse: { workers: 1, command: sleep 1, uses: { fetch: submit } } }'],
  ])('end when none of them has a task any more: %s', (_, text) => {
    expect(play(text).end.exitCode).not.toBe(5);
    const plan = validPlan(text);
    expect(judge(plan, budget).verdict.type).toBe('proved');
    expect(exploreAll(new ModelSystem(compilePlan(plan).model)).trappedStates).toBe(0);
  });

  it.each([
    ['two', spec(two, ', { join: w }')],
    ['three', spec(three, ', { join: v }')],
  ])('do not where a task waits for the end of one of them: %s', (_, text) => {
    expect(play(text).end.exitCode).toBe(5);
    expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
  });
});

it('a pool ends by itself before somebody ends it where only its tasks could lead to more, which no proof is about', () => {
  const text = `
on_failure: continue
events: { first: { set: true } }
locks: { l: }
pools: { w: { workers: 1, tasks: [1], steps: [{ wait: first, block: false, on_timeout: [{ exit: 0 }] }, { clear: first }, { start: s }] } }
processes:
  s: { autostart: false, steps: [{ submit: w, item: 2 }] }
  p: { steps: [{ sleep: 1s }, { terminate: w }, { set: first }] }
  a: { depends_on: { w: { condition: success } }, steps: [{ acquire: l }, { join: b }] }
  b: { depends_on: { w: { condition: success } }, steps: [{ sleep: 9ms }, { acquire: l }] }
`;
  expect(play(text).end.exitCode).toBe(5);
  const { verdict, assumptions } = judge(validPlan(text), budget);
  expect(verdict.type === 'proved' && !leavesOut(assumptions)).toBe(false);
});
