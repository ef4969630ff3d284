import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { replay } from '../../property/verify/replay.ts';
import { certaintyOf } from '../../rig/certainty-of.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 10_000, mayGoOn: (): boolean => true };
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

function exitCodes(text: string): readonly number[] {
  return [play(text), ...seeds.map((seed) => play(text, { seed }))].map(({ end }) => end.exitCode);
}

describe('a deadlock of a run in which some end others', () => {
  it.each([
    ['which end each other', 'a: { steps: [{ kill: b }, { wait: e }] }, b: { steps: [{ kill: a }, { wait: e }] }, d: { depends_on: { a: { condition: failure } }, steps: [{ set: e }] }'],
    ['of whom one is ended before he ends another', 'a: { steps: [{ terminate: c }] }, b: { steps: [{ wait: e }, { set: e }] }, c: { steps: [{ kill: b }] }'],
  ])('is come to by the way that is told: %s', (_, processes) => {
    const text = `on_failure: continue\nevents: { e: }\nprocesses: { ${processes} }\n`;
    const { verdict } = judge(validPlan(text), budget);
    expect(certaintyOf(text, budget)).toBe('some interleaving');
    expect(verdict.type === 'counterexample' ? replay(validPlan(text), verdict.schedule).exitCode : null).toBe(5);
    expect(exitCodes(text)).toContain(5);
  });

  it.each([
    ['who waits for the start of one who is ended is refused at once, though that is started again', 'k: { steps: [{ kill: a }, { set: e }] }, a: { autostart: false, steps: [{ join: b }] }, s: { wait_for: [e], steps: [{ start: a }] }, b: { depends_on: { a: { condition: start } }, steps: [{ join: a }] }'],
    ['who is to start at once has done so before others end him', 'a: { steps: [{ join: c }], sets: { start: e } }, b: { steps: [{ wait: e }, { kill: a }] }, c: { depends_on: { b: { condition: start } }, steps: [{ terminate: a }, { wait: e }, { set: e }] }'],
    ['who waits for the end of one who is ended has it, though that is started again', 'a: { steps: [{ kill: b }, { start: b }, { set: e }] }, b: { depends_on: { c: { condition: start } }, steps: [{ sleep: 9ms }] }, c: { depends_on: { b: { condition: exit } }, steps: [{ print: x }] }'],
  ])('is possible only where it needs what no run does: %s', (_, processes) => {
    const text = `on_failure: continue\nevents: { e: }\nprocesses: { ${processes} }\n`;
    expect(exitCodes(text)).not.toContain(5);
    expect(certaintyOf(text, budget)).toBe('possible');
  });
});
