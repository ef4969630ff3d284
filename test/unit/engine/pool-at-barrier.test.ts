import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { planOf } from '../../rig/virtual-plan.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };

/** A pool of three slots, somebody who waits for its end, and somebody whom nobody starts. */
function spec(pool: string, parties = 2): string {
  return `
on_failure: continue
barriers: { m: { parties: ${String(parties)} } }
pools: { crew: { workers: 3, tasks: [1, 2, 3], ${pool} } }
processes:
  x: { steps: [{ join: crew }] }
  idle: { autostart: false, steps: [{ wait: m }] }
`;
}

describe('a pool that waits at a barrier before its start is one party there, however many slots it has', () => {
  it('so that the barrier is broken where no other is left, and the check knows', () => {
    const text = spec('wait_for: [m], steps: [{ print: x }]');
    const played = play(text);
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.ended('crew').state).toBe('skipped');
    expect(played.ended('crew').why).toContain('the barrier `m` is broken: too few parties are left');
    expect(judge(planOf(text), budget).verdict.type).toBe('proved');
  });

  it('beside its tasks, which cannot come before', () => {
    const text = spec('wait_for: [m], steps: [{ wait: m }]');
    expect(play(text).end.exitCode).toBe(5);
    expect(judge(planOf(text), budget).verdict.type).toBe('counterexample');
  });

  it('and its tasks are as many as there are slots', () => {
    const text = spec('steps: [{ wait: m }]', 3);
    expect(play(text).end.exitCode).toBe(0);
    expect(judge(planOf(text), budget).verdict.type).toBe('proved');
  });
});
