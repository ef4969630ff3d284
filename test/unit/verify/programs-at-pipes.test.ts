/* Pipes of which a program has the other end, each beside a run. */
import { expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { runVirtually } from '../../rig/virtual-world.ts';

const budget = { maxStates: 10_000, mayGoOn: () => true };
const nowhere = { source: { name: 's', text: '' }, start: 0, end: 0 };
const between = (from: string, to: string, more = ''): string => `events: { e: }\npipes: { x: { from: ${from}, to: ${to}, capacity: 1 } }\n${more}`;

it.each([
  ['who is to be read to begins only after who reads', 'error', `${between('b', 'a')}processes: { a: { steps: [{ recv: x }, { set: e }] }, b: { wait_for: [e], command: sleep 5 } }`],
  ['who reads begins only after all is sent, for which there is no room', 'warning', `${between('a', 'b')}processes: { a: { steps: [{ send: x, item: 1 }, { send: x, item: 2 }, { set: e }] }, b: { wait_for: [e], command: sleep 5 } }`],
  ['who reads gets no slot of the run before', 'warning', `${between('a', 'b', 'max_parallel: 1\n')}locks: { l: }\nprocesses: { c: { steps: [{ with: l, do: [{ run: sleep 5 }] }] }, a: { steps: [{ with: l, do: [{ send: x, item: 1 }, { send: x, item: 2 }, { set: e }] }] }, b: { depends_on: [c], wait_for: [e], command: sleep 5 } }`],
  ['who is to be read is started by nobody, and keeps its end of the pipe', 'error', `${between('b', 'a')}processes: { a: { steps: [{ each: x, as: i, do: [{ print: i }] }] }, b: { autostart: false, command: sleep 5 }, c: { steps: [{ exit: 0 }, { start: b }, { set: e }] } }`],
])('finds that some wait for ever where %s', (_, severity, text) => {
  const plan = validPlan(text);
  const found = deadlockFindings(plan, judge(plan, budget), () => nowhere);
  expect(found.map((one) => one.severity)).toEqual([severity]);
  expect(runVirtually(plan).end.exitCode).toBe(5);
});

it.each([
  ['there is room for all that is sent before', `${between('a', 'b')}processes: { a: { steps: [{ send: x, item: 1 }, { set: e }] }, b: { wait_for: [e], command: sleep 5 } }`],
  ['it waits for another one', `${between('b', 'a')}processes: { a: { steps: [{ recv: x }, { set: e }] }, b: { depends_on: [c], command: sleep 5 }, c: { command: sleep 5 } }`],
  ['it is skipped', `${between('b', 'a', 'on_failure: continue\n')}processes: { a: { steps: [{ each: x, as: i, do: [{ print: i }] }, { set: e }] }, b: { depends_on: [c], command: sleep 5 }, c: { steps: [{ exit: 1 }] } }`],
])('proves that nobody waits for ever for a program that begins late where %s', (_, text) => {
  const plan = validPlan(text);
  expect(judge(plan, budget).verdict.type).toBe('proved');
  expect(runVirtually(plan).end.exitCode).not.toBe(5);
});
