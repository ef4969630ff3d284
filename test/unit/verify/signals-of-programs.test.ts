import { describe, expect, it } from 'vitest';
import { whichAlways } from '../../../src/verify/always-deadlocks.ts';
import { certainDeadlock } from '../../../src/verify/certain-deadlock.ts';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge, toldOf } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };
const nowhere = { source: { name: 's', text: '' }, start: 0, end: 0 };

function certaintyOf(text: string): unknown {
  const plan = validPlan(text);
  const judgement = judge(plan, budget);
  const { verdict } = judgement;
  if (verdict.type !== 'counterexample') return verdict.type;
  const [isCertain = false] = whichAlways(plan, toldOf(verdict).map(({ stuck }) => stuck.map(({ name }) => name)), budget);
  expect(certainDeadlock(plan, () => budget) !== null).toBe(isCertain);
  return deadlockFindings(plan, judgement, () => nowhere, [{ isCertain }])[0]?.certainty;
}

const waits = (more: string): string => `semaphores: { s: { permits: 0, bounded: false } }\nprocesses: { a: { steps: [{ acquire: s }] }${more} }\n`;

describe('a permit that a program may release without having it', () => {
  it.each([
    [', b: { command: ./signal, uses: { s: acquire } }', 'possible'],
    [', b: { command: ./signal }', 'some interleaving'],
    [', b: { steps: [{ run: ./signal }] }', 'some interleaving'],
    [', b: { steps: [{ print: x }] }', 'every run'],
    ['', 'every run'],
  ])('lets whoever waits for it go on, so that not every run deadlocks: beside%s', (more, certainty) => {
    expect(certaintyOf(waits(more))).toBe(certainty);
  });

  it('is none of a daemon, whose program a run does not wait for', () => {
    expect(certaintyOf(`${waits('')}daemons: { d: { command: ./serve } }\n`)).toBe('every run');
  });

  it('is of no account where nobody waits for permits', () => {
    expect(certaintyOf('locks: { l: }\nsemaphores: { s: 1 }\nprocesses: { a: { steps: [{ acquire: l }, { join: b }] }, b: { steps: [{ wait: go }, { acquire: l }] }, c: { command: ./work, with: s }, d: { steps: [{ join: b }, { set: go }] } }\nevents: { go: }\n')).toBe('every run');
  });

  it('is one that a proof takes not to come', () => {
    const text = 'semaphores: { s: 2 }\nprocesses: { a: { steps: [{ acquire: s }, { release: s }] }, b: { command: ./work, uses: { s: acquire } } }\n';
    expect(judge(validPlan(text), budget).assumptions.map(({ text: said }) => said)).toContain('the program of `b` takes one permit of `s` at a time, and releases only what it has taken');
  });
});
