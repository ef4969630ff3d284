import { expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { codesOf, validPlan } from '../../rig/plan-of-text.ts';
import { runVirtually } from '../../rig/virtual-world.ts';

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
