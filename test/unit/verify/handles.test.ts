import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const judged = (text: string): string => judge(validPlan(text), { maxStates: 100_000, mayGoOn: () => true }).verdict.type;
const exitCodes = (text: string): readonly number[] => [1, 2, 3, 4].map((seed) => play(text, { seed }).end.exitCode);

/** One task takes its time, and then `l`; the others are done at once. */
const spec = (steps: string): string => `
locks: { l: }
queues: { slow: { items: [1] } }
pools:
  v: { workers: 1, steps: [{ print: x }] }
  w: { workers: 2, steps: [{ repeat: 1, do: [{ get: slow }, { sleep: 50ms }, { with: l, do: [{ print: y }] }] }] }
processes:
  p: { steps: [${steps}] }
  idle: { autostart: false, steps: [{ put: slow, item: 1 }, { submit: v, item: 1 }] }
`;

describe('whoever waits for the results of a handle waits for none that were submitted with it before', () => {
  it.each([
    ['in a loop', spec('{ repeat: 2, do: [{ submit: w, item: 1, as: r }] }, { result: r }, { acquire: l }, { join: w }')],
    ['one after the other', spec('{ submit: w, item: 1, as: r }, { submit: w, item: 1, as: r }, { result: r }, { acquire: l }, { join: w }')],
    ['in a round of which the last was cut short', spec('{ repeat: 2, do: [{ submit: w, item: 1, as: r }, { result: r, timeout: 5ms, on_timeout: continue }] }, { acquire: l }, { join: w }')],
  ])('%s', (_, text) => {
    const closed = text.replace('{ acquire: l }, { join: w }', '{ close: w }, { acquire: l }, { join: w }');
    expect(exitCodes(closed)).toContain(5);
    expect(judged(closed)).toBe('counterexample');
  });

  it('of another pool, to which the tasks were submitted at last', () => {
    const text = spec('{ submit: v, item: 1, as: r }, { result: r }, { submit: w, item: 1, as: r }, { acquire: l }, { result: r }');
    expect(exitCodes(text)).toContain(5);
    expect(judged(text)).toBe('counterexample');
  });
});

describe('a handle with which nothing is submitted before its results are there is of its last tasks', () => {
  it.each([
    ['in each round of a loop', '{ repeat: 2, do: [{ submit: w, item: 1, as: r }, { print: z }, { with: l, do: [{ print: z }] }, { result: r }] }, { acquire: l }, { close: w }, { join: w }'],
    ['one after the other', '{ submit: w, item: 1, as: r }, { result: r }, { submit: w, item: 1, as: r }, { print: z }, { result: r }, { acquire: l }, { close: w }, { join: w }'],
    ['and another one meanwhile', '{ submit: w, item: 1, as: r }, { submit: w, item: 1, as: q }, { result: r }, { result: q }, { acquire: l }, { close: w }, { join: w }'],
  ])('%s', (_, steps) => {
    expect(exitCodes(spec(steps))).not.toContain(5);
    expect(judged(spec(steps))).toBe('proved');
  });
});

it('a handle that was given to tasks of two pools is of those that were submitted last', () => {
  const text = `
on_failure: continue
locks: { m: }
events: { f: }
pools:
  w: { autostart: false, steps: [{ sleep: 1ms }] }
  v: { wait_for: [f], steps: [{ sleep: 1ms }] }
processes:
  p: { steps: [{ submit: w, item: 1, as: h }, { submit: v, item: 1, as: h }, { with: m, do: [{ result: h }] }] }
  q: { steps: [{ sleep: 9ms }, { acquire: m }, { set: f }] }
`;
  expect(play(text).end.exitCode).toBe(5);
  expect(judged(text)).toBe('counterexample');
});
