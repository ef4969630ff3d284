import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };

/** `a` waits at a condition for a second, `b` comes for its lock meanwhile. */
function spec(wait: string, lock = 'l: ', taken = '{ acquire: l }'): string {
  return `locks: { ${lock} }\nconditions: { c: { lock: l } }\nprocesses:\n  a: { steps: [${taken}, { wait: c, timeout: 1s, ${wait} }, { release: l }] }\n  b: { steps: [{ sleep: 100ms }, { acquire: l, timeout: 500ms }, { release: l }] }`;
}

describe('a wait at a condition that goes on after its time, and that nobody can notify', () => {
  it.each([
    ['a plain lock', spec('on_timeout: continue')],
    ['a reentrant lock that is held twice', spec('on_timeout: continue', 'l: { reentrant: true }', '{ acquire: l }, { acquire: l }').replace('{ release: l }] }\n  b', '{ release: l }, { release: l }] }\n  b')],
    ['a lock of which nobody is left to notify meanwhile', `${spec('on_timeout: continue')}\n  n: { steps: [{ sleep: 50ms }, { get: q }, { with: l, do: [{ notify: c }] }], allow_failure: true }\nqueues: { q: { items: [] } }\n`],
  ])('gives up %s meanwhile, and has it again after its time', (_, text) => {
    const { end } = play(text);
    expect(end.exitCode).toBe(0);
    expect(judge(validPlan(text), budget).verdict.type).toBe('proved');
  });

  it('waits there also once somebody else has found that nobody can', () => {
    const text = `
locks: { l: , m: }
conditions: { c: { lock: l } }
events: { e: }
processes:
  a: { steps: [{ wait: e }, { with: l, do: [{ wait: c, timeout: 5ms, on_timeout: continue }] }] }
  b: { steps: [{ with: l, do: [{ wait: c, allow_failure: true }] }, { set: e }] }
  n: { steps: [{ with: l, do: [{ notify: c }] }] }
  x: { steps: [{ with: m, do: [{ acquire: l }, { release: l }] }] }
  y: { steps: [{ join: x }, { with: l, do: [{ with: m, do: [{ print: y }] }] }] }
`;
    expect(Array.from({ length: 20 }, (_, seed) => play(text, { seed }).end.exitCode)).toEqual(Array.from({ length: 20 }, () => 0));
    expect(judge(validPlan(text), budget).verdict.type).toBe('proved');
  });

  it('fails at once where it would fail after its time as well', () => {
    expect(play(spec('on_timeout: fail')).end.exitCode).toBe(1);
  });
});
