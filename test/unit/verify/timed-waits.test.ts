import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

function certaintyOf(text: string): string | null | undefined {
  const plan = validPlan(text);
  const judgement = judge(plan, budget);
  return deadlockFindings(plan, judgement, () => ({ source: { name: 's', text: '' }, start: 0, end: 0 }))[0]?.certainty;
}

function exitCodes(text: string): readonly number[] {
  return [play(text), ...seeds.map((seed) => play(text, { seed }))].map(({ end }) => end.exitCode);
}

describe('a start that waits for several things, some of them for so long only', () => {
  it.each([
    ['events', 'wait_for: [{ name: first, timeout: 10s }, second]'],
    ['moments', 'depends_on: { a: { condition: success, timeout: 10s }, b: { condition: success } }'],
  ])('may wait for ever for the others, once those have come: %s', (_, waits) => {
    const text = `
events: { began: , first: , second: }
processes:
  a: { steps: [{ set: first }] }
  b: { steps: [{ wait: began }, { set: second }] }
  x: { ${waits}, steps: [{ print: x }], sets: { start: began } }
`;
    expect(exitCodes(text)).toContain(5);
    expect(certaintyOf(text)).toMatch(/^(?:some interleaving|every run)$/u);
  });
});
