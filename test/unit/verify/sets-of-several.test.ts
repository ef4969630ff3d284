import { describe, expect, it } from 'vitest';
import { leavesOut } from '../../../src/verify/assumption.ts';
import { certaintyOf } from '../../rig/certainty-of.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 20_000, mayGoOn: (): boolean => true };
const exitCodes = (text: string): readonly number[] => [{}, { seed: 1 }, { seed: 2 }].map((options) => play(text, options).end.exitCode);

/** `p` has two instances, of which one waits for the event that both set. */
const spec = (moment: string, more = ''): string => `
on_failure: continue
events: { e: }
locks: { l: }
processes:
  p: { replicas: 2, sets: { ${moment}: e }, steps: [{ with: [l], block: false, on_timeout: continue, do: [{ wait: e }] }] }
${more}`;

describe('what a process of several instances sets at a moment', () => {
  it.each(['exit', 'success'])('comes when all of them have reached it, so that none of them may wait for it before: %s', (moment) => {
    expect(exitCodes(spec(moment))).toEqual([5, 5, 5]);
    expect(certaintyOf(spec(moment), budget)).toBe('some interleaving');
  });

  it.each(['start', 'ready'])('comes when all of them have reached it, and each comes to that: %s', (moment) => {
    expect(exitCodes(spec(moment))).toEqual([0, 0, 0]);
    expect(judge(validPlan(spec(moment)), budget)).toMatchObject({ verdict: { type: 'proved' }, assumptions: [] });
  });

  it.each([
    ['others set it as well', spec('exit', '  q: { sets: { failure: e }, steps: [{ sleep: 1ms }] }')],
    ['it is a failure', spec('failure')],
    ['it may be cleared', spec('exit', '  q: { autostart: false, steps: [{ clear: e }] }')],
  ])('is left open where %s', (_, text) => {
    expect(exitCodes(text)).toContain(5);
    const { verdict, assumptions } = judge(validPlan(text), budget);
    expect(verdict.type === 'proved' && !leavesOut(assumptions)).toBe(false);
  });
});
