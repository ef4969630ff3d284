import { expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };

/** `j` only tries what comes with the last that `c` does, and waits for ever where it is not there yet. */
function spec(c: string, has: string, tries: string, more = ''): string {
  return `
locks: { m: }
queues: { q: { items: [a] }, r: { items: [a] } }
events: { e: , f: , g: , over: }
processes:
  c: ${c}
  j: { steps: [{ wait: g }, { ${has} }, { ${tries}, block: false, on_timeout: [{ wait: e }] }, { set: f }] }
  k: { steps: [{ wait: f }, { set: e }] }
  idle: { autostart: false, steps: [{ acquire: m }, { join: q }, { join: r }, { set: over }, { wait: over }] }
${more}`;
}

it.each([
  ['a lock before the end', spec('{ steps: [{ with: m, do: [{ set: g }, { sleep: 50ms }, { exit: 0 }] }] }', 'acquire: m', 'join: c')],
  ['a lock before an item', spec('{ steps: [{ each: q, do: [{ with: m, do: [{ set: g }, { sleep: 50ms }, { exit: 0 }] }] }] }', 'acquire: m', 'join: q')],
  ['an item before another one', spec('{ steps: [{ each: q, do: [{ each: r, do: [{ set: g }, { exit: 0 }] }] }] }', 'join: r', 'join: q')],
  ['an item before the end', spec('{ steps: [{ each: q, do: [{ set: g }, { exit: 0 }] }] }', 'join: q', 'join: c')],
])('whoever ends gives back one after the other: %s', (_, text) => {
  expect(Array.from({ length: 40 }, (__, seed) => play(text, { seed }).end.exitCode)).toContain(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});

it.each([
  ['its end', spec('{ with: m, sets: { start: g }, command: x }', 'acquire: m', 'join: c')],
  ['what is set at its end', spec('{ with: m, sets: { start: g, exit: over }, command: x }', 'acquire: m', 'wait: over')],
  ['what it has in hand, though it was ended', spec('{ steps: [{ each: q, do: [{ set: g }, { run: x }] }] }', 'kill: c', 'join: q')],
])('a command gives back what it holds before %s is known', (_, text) => {
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});

it('the times of all events before a start begin together, also of those that somebody clears', () => {
  const text = `
on_failure: continue
locks: { m: , n: }
events: { a: , b: }
processes:
  p: { allow_failure: true, wait_for: [{ name: a, timeout: 50ms }, b], steps: [{ sleep: 1ms }] }
  s: { steps: [{ sleep: 200ms }, { set: a }, { set: b }, { join: p }, { clear: a }] }
  u: { depends_on: { p: { condition: failure } }, steps: [{ acquire: m }, { sleep: 1s }, { acquire: n }] }
  v: { depends_on: { p: { condition: exit } }, steps: [{ acquire: n }, { sleep: 1s }, { acquire: m }] }`;
  expect(play(text).end.exitCode).toBe(5);
  expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
});
