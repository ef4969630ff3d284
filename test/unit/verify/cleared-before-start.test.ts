import { describe, expect, it } from 'vitest';
import { leavesOut } from '../../../src/verify/assumption.ts';
import { certainDeadlock } from '../../../src/verify/certain-deadlock.ts';
import { whoFailsEveryRun } from '../../../src/verify/every-run-fails.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 20_000, mayGoOn: (): boolean => true };

/** `e` comes, and is cleared, before `f` comes. */
const passing = `
on_failure: continue
events: { e: , f: }
locks: { l: }
processes:
  p1: { wait_for: [e, f], steps: [{ acquire: l }, { join: p2 }] }
  p2: { steps: [{ sleep: 5ms }, { set: e }, { sleep: 5ms }, { clear: e }, { set: f }, { sleep: 5ms }, { acquire: l }] }
`;

/** Nobody can set `e`, so that `p1` is skipped at once, and sets `f`. */
const never = `
on_failure: continue
events: { e: , f: }
barriers: { b: { parties: 2 } }
processes:
  p1: { wait_for: [e, f], sets: { exit: f }, steps: [{ abort: b }] }
  p2: { steps: [{ wait: b, on_timeout: [{ set: e }] }, { clear: e }] }
`;

describe('who waits for several events before his start, of which some may be cleared', () => {
  it('may go on with one that has passed, which no proof is about', () => {
    expect(play(passing).end.exitCode).toBe(5);
    const { verdict, assumptions } = judge(validPlan(passing), budget);
    expect(verdict.type === 'proved' && !leavesOut(assumptions)).toBe(false);
    expect(whoFailsEveryRun(validPlan(passing), budget)).toEqual([]);
  });

  it('may be skipped as soon as one cannot come any more, so that nobody waits for ever for certain', () => {
    expect(play(never).end.exitCode).toBe(1);
    expect(certainDeadlock(validPlan(never), () => budget)).toBeNull();
  });
});
