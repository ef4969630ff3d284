import { expect, it } from 'vitest';
import { alwaysDeadlocks } from '../../../src/verify/always-deadlocks.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 10_000, mayGoOn: () => true };

/** The code is the value of `v`, which only the run knows. */
function spec(v: string, a: string, others: string): string {
  return `
events: { go: }
values: { v: ${v} }
processes:
  a: { allow_failure: true, ${a} }
${others}
`;
}

const ends = 'steps: [{ load: v, as: n }, { exit: "${{ vars.n }}" }]';
const goesOn = 'steps: [{ load: v, as: n }, { exit: "${{ vars.n }}", allow_failure: true }, { join: b }]';

it.each([
  ['succeed', '0', '3', ends, '  b: { depends_on: { a: { condition: success } }, steps: [{ join: c }] }\n  c: { steps: [{ join: b }] }'],
  ['fail', '3', '0', ends, '  b: { depends_on: { a: { condition: failure } }, steps: [{ join: c }] }\n  c: { steps: [{ join: b }] }'],
  ['fail for what is no code', '300', '0', ends, '  b: { depends_on: { a: { condition: failure } }, steps: [{ join: c }] }\n  c: { steps: [{ join: b }] }'],
  ['be let go on behind what is no code', '300', '0', goesOn, '  b: { steps: [{ join: a }] }'],
])('a step `exit` whose code is known only in the run may %s', (_, deadlocks, ending, a, others) => {
  expect(play(spec(deadlocks, a, others)).end.exitCode).toBe(5);
  expect(play(spec(ending, a, others)).end.exitCode).toBe(0);
  for (const v of [deadlocks, ending]) {
    const plan = validPlan(spec(v, a, others));
    expect(judge(plan, budget).verdict.type).toBe('counterexample');
    expect(alwaysDeadlocks(plan, budget)).toBe(false);
  }
});
