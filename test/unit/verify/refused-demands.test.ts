import { describe, expect, it } from 'vitest';
import { certainDeadlock } from '../../../src/verify/certain-deadlock.ts';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge } from '../../../src/verify/judge.ts';
import { replay } from '../../property/verify/replay.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };
const nowhere = { source: { name: 's', text: '' }, start: 0, end: 0 };

/** `x` and `y` wait for each other only where `a` fails. */
function behindFailure(semaphore: string, asks: string): string {
  return `
on_failure: continue
locks: { m: , n: }
semaphores: { s: ${semaphore} }
processes:
  a: { steps: [{ acquire: { name: s, permits: 3 }, ${asks} }] }
  x: { depends_on: { a: { condition: failure } }, steps: [{ acquire: m }, { sleep: 1s }, { acquire: n }] }
  y: { steps: [{ acquire: n }, { sleep: 2s }, { acquire: m }] }
`;
}

function told(text: string): unknown {
  const plan = validPlan(text);
  const judgement = judge(plan, budget);
  const [finding] = deadlockFindings(plan, judgement, () => nowhere);
  const { verdict } = judgement;
  if (verdict.type !== 'counterexample') return verdict.type;
  const { exitCode, departure } = replay(plan, verdict.schedule);
  return { certainty: finding?.certainty, exitCode, departure };
}

const isMet = { certainty: 'some interleaving', exitCode: 5, departure: null };

describe('a demand for more permits than a bounded semaphore has', () => {
  it.each(['timeout: 1s, on_timeout: continue', 'block: false, on_timeout: continue'])('is refused at once, and its time is never over: %s', (asks) => {
    expect(play(behindFailure('2', asks)).end.exitCode).toBe(5);
    expect(told(behindFailure('2', asks))).toEqual(isMet);
  });

  it.each(['{ permits: 2, bounded: false }', '0'])('is waited for until its time is over, of %s', (semaphore) => {
    const text = behindFailure(semaphore, 'timeout: 1s, on_timeout: continue');
    expect(play(text).end.exitCode).toBe(0);
    expect(told(text)).toBe('proved');
  });

  it('is not waited for by one that goes on after a failure', () => {
    const text = 'semaphores: { s: 2 }\non_failure: continue\nprocesses: { a: { steps: [{ acquire: { name: s, permits: 3 }, allow_failure: true }] }, b: { steps: [{ acquire: s }] } }';
    expect(play(text).end.exitCode).toBe(0);
    expect(told(text)).toBe('proved');
    expect(certainDeadlock(validPlan(text), () => budget)).toBeNull();
  });

  it('is waited for without end where more may come to be', () => {
    const text = 'semaphores: { s: { permits: 2, bounded: false } }\nprocesses: { a: { steps: [{ acquire: { name: s, permits: 3 }, allow_failure: true }] } }';
    expect(play(text).end.exitCode).toBe(5);
    expect(told(text)).toEqual(isMet);
  });
});
