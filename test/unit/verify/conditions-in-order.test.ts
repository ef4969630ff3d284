import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

function verdictOf(processes: string): string {
  const text = `locks: { l: }\nevents: { came: , e: }\nconditions: { c: { lock: l } }\nprocesses: ${processes}`;
  return judge(validPlan(text), { maxStates: 100_000, mayGoOn: () => true }).verdict.type;
}

const waits = '{ with: l, do: [{ set: came }, { wait: c }] }';

describe('the lock of a condition', () => {
  it('comes back to who was notified before who notifies him can ask for it again', () => {
    expect(verdictOf(`{ w: { steps: [${waits}, { set: e }] }, n: { steps: [{ wait: came }, { with: l, do: [{ notify: c }] }, { acquire: l }, { wait: e }] } }`)).toBe('proved');
  });

  it('may go to somebody else before him, who has asked for it before', () => {
    expect(verdictOf(`{ w: { steps: [${waits}, { set: e }] }, x: { steps: [{ wait: came }, { acquire: l }, { wait: e }] }, n: { steps: [{ wait: came }, { with: l, do: [{ notify: c }] }] } }`)).toBe('counterexample');
  });
});

describe('a notification', () => {
  it('goes to who has waited longest', () => {
    const second = '{ steps: [{ wait: came }, { with: l, do: [{ set: e }, { wait: c }] }] }';
    const awaiting = (who: string): string => `{ a: { steps: [${waits}] }, b: ${second}, n: { steps: [{ wait: came }, { wait: e }, { with: l, do: [{ notify: c }] }, { join: ${who} }, { with: l, do: [{ notify: c }] }] } }`;
    expect([verdictOf(awaiting('a')), verdictOf(awaiting('b'))]).toEqual(['proved', 'counterexample']);
  });
});
