import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge } from '../../../src/verify/judge.ts';
import { replay } from '../../property/verify/replay.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const nowhere = { source: { name: 's', text: '' }, start: 0, end: 0 };
const seeds = Array.from({ length: 24 }, (_, index) => index + 1);

/** `t` and `y` come to wait for each other only where `t` finds `x` taken though it has what `p` has given back before. */
function spec(p: string, t = '{ acquire: l }'): string {
  return `
on_failure: continue
locks: { l: , x: , m: , n: }
events: { up: , never: }
queues: { q: { items: [1] } }
processes:
  p: { steps: [${p}] }
  t: { steps: [{ wait: up }, ${t}, { acquire: x, block: false, on_timeout: [{ acquire: m }, { sleep: 1s }, { acquire: n }] }] }
  y: { steps: [{ acquire: n }, { sleep: 2s }, { acquire: m }] }
  z: { steps: [{ exit: 0 }, { set: never }] }
`;
}

function deadlocks(text: string): boolean {
  return seeds.some((seed) => play(text, { seed }).end.exitCode === 5);
}

function told(text: string): unknown {
  const plan = validPlan(text);
  const judgement = judge(plan, { maxStates: 100_000, mayGoOn: () => true });
  const { verdict } = judgement;
  if (verdict.type !== 'counterexample') return verdict.type;
  const { exitCode, departure } = replay(plan, verdict.schedule);
  return { certainty: deadlockFindings(plan, judgement, () => nowhere)[0]?.certainty, exitCode, departure };
}

describe('what somebody holds who leaves several steps at once', () => {
  it.each([
    ['an exit with success', '{ with: x, do: [{ with: l, do: [{ set: up }, { exit: 0 }] }] }'],
    ['an exit with a failure', '{ with: x, do: [{ with: l, do: [{ set: up }, { exit: 1 }] }] }'],
    ['an exit with what it has acquired', '{ acquire: x }, { with: l, do: [{ set: up }, { exit: 1 }] }'],
    ['the end of a stream', '{ repeat: 1, do: [{ with: x, do: [{ with: l, do: [{ set: up }, { get: q }, { get: q }] }] }] }'],
    ['a failure that is let pass', '{ with: x, allow_failure: true, do: [{ with: l, do: [{ set: up }, { wait: never }] }] }'],
  ])('is given back one after the other: %s', (_, p) => {
    expect(deadlocks(spec(p))).toBe(true);
    expect(told(spec(p))).toEqual({ certainty: 'some interleaving', exitCode: 5, departure: null });
  });

  it('is given back after the items in hand', () => {
    const text = spec('{ with: x, do: [{ set: up }, { each: q, as: one, do: [{ exit: 0 }] }] }', '{ join: q }');
    expect(deadlocks(text)).toBe(true);
    expect(told(text)).toEqual({ certainty: 'some interleaving', exitCode: 5, departure: null });
  });

  it('is given back all at once where it ends by a failure', () => {
    const text = spec('{ with: x, do: [{ with: l, do: [{ set: up }, { wait: never }] }] }');
    expect(deadlocks(text)).toBe(false);
    expect(told(text)).toBe('proved');
  });
});
