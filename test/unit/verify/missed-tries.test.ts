import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { certaintyOf } from '../../rig/certainty-of.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

/** `x` waits for `y` with what that needs, unless it gets what it tries to get. */
function spec(tries: string, before = '', behind = '', more = ''): string {
  return `
locks: { l: , m: }
semaphores: { s: { permits: 2 } }
queues: { q: { items: [1] }, empty: , full: { capacity: 1, items: [1] }, roomy: { capacity: 2, items: [1] } }
events: { go: { set: true }, late: , pulse: { set: true } }
processes:
  x: { steps: [{ sleep: 1ms }, { ${tries}, block: false, on_timeout: [{ acquire: l }, { join: y }] }] }
  y: { steps: [${before}{ sleep: 5ms }, { acquire: l }${behind}] }
  idle: { autostart: false, steps: [{ put: q, item: 1 }, { get: q }, { put: full, item: 1 }, { get: full }, { put: roomy, item: 1 }, { get: roomy }, { put: empty, item: 1 }, { get: empty }, { wait: go }, { set: late }, { wait: late }, { with: s, do: [{ acquire: m }] }, { wait: pulse }, { clear: pulse }, { set: pulse }] }
${more}`;
}

function verdictOf(text: string): string {
  return judge(validPlan(text), budget).verdict.type;
}

function exitCodes(text: string): readonly number[] {
  return [play(text), ...seeds.map((seed) => play(text, { seed }))].map(({ end }) => end.exitCode);
}

describe('a deadlock behind a step that only tries', () => {
  it.each(['get: q', 'put: roomy, item: 1', 'acquire: m', 'acquire: [m, {name: s, permits: 2}]', 'wait: go', 'with: m, do: [{ print: x }]', 'each: q, do: [{ print: x }, { shutdown: 0 }]'])('is none where what it asks for is there: %s', (tries) => {
    expect(exitCodes(spec(tries))).not.toContain(5);
    expect(verdictOf(spec(tries))).toBe('proved');
  });

  it('is none where what it asks for is there, and others give that back without having it', () => {
    const text = spec('acquire: s', '', '', '  z: { steps: [{ release: s, allow_failure: true }] }');
    expect(exitCodes(text)).not.toContain(5);
    expect(verdictOf(text)).toBe('proved');
  });

  it.each([
    ['put: full, item: 1', '', ', { get: full }'],
    ['get: empty', '', ', { put: empty, item: 1 }'],
    ['wait: late', '', ', { set: late }'],
    ['acquire: m', '{ acquire: m }, ', ''],
    ['acquire: [m, {name: s, permits: 2}]', '{ acquire: s }, ', ''],
    ['get: q', '{ get: q }, ', ', { put: q, item: 1 }'],
    ['wait: pulse', '{ clear: pulse }, ', ', { set: pulse }'],
  ])('comes about where that is not there: %s', (tries, before, behind) => {
    expect(exitCodes(spec(tries, before, behind))).toContain(5);
    expect(certaintyOf(spec(tries, before, behind), budget)).toMatch(/^(?:some interleaving|every run)$/u);
  });

  it.each(['{ acquire: m }, { sleep: 5ms }', '{ with: m, do: [{ sleep: 5ms }] }'])('comes about where somebody holds it for a while: %s', (steps) => {
    const text = spec('acquire: m', '', '', `  z: { steps: [${steps}] }`);
    expect(exitCodes(text)).toContain(5);
    expect(certaintyOf(text, budget)).toBe('some interleaving');
  });

  it.each([
    ['{ attempts: 2, delay: 1ms }', '{ acquire: m }, { sleep: 5ms }, { exit: 1 }'],
    ['{ attempts: 1 }', '{ wait: go }, { acquire: m }, { sleep: 5ms }, { wait: go }, { sleep: 1ms }'],
  ])('comes about where it is given back with an end: %s', (_, steps) => {
    const text = spec('acquire: m', '', '', `  z: { allow_failure: true, steps: [${steps}] }`);
    expect(exitCodes(text)).toContain(5);
    expect(certaintyOf(text, budget)).toBe('some interleaving');
  });

  it('comes about where what it tries to get comes with an end', () => {
    const text = spec('wait: done', '', '', '  z: { steps: [{ set: late }, { sleep: 5ms }], sets: { success: done } }').replace('events: { ', 'events: { done: , ').replace("{ sleep: 1ms }, { wait", '{ wait: late }, { wait');
    expect(exitCodes(text)).toContain(5);
    expect(certaintyOf(text, budget)).toBe('some interleaving');
  });

  it('comes about where somebody has it yet, though he has done his last step', () => {
    const text = spec('acquire: m', '', '', '  z: { steps: [{ acquire: m }, { set: late }, { get: full }, { sleep: 5ms }] }').replace('{ sleep: 1ms }, {', '{ wait: late }, { put: full, item: 2 }, {');
    expect(exitCodes(text)).toContain(5);
    expect(certaintyOf(text, budget)).toMatch(/^(?:some interleaving|every run)$/u);
  });

  it('is doubtful where it is not known that it can be had, and it is there', () => {
    const text = spec('acquire: m', '', '', '  z: { steps: [{ acquire: { name: s, permits: 2 } }] }\n  k: { steps: [{ kill: z }] }');
    expect(exitCodes(text)).not.toContain(5);
    expect(certaintyOf(text, budget)).toBe('possible');
  });

  it.each([
    ['an item', '{ set: late }, { get: room }, { sleep: 5ms }', '{ wait: late }, { put: room, item: 1 }, { put: room, item: 2 }'],
    ['the end of a loop', '{ load: v, as: some }, { put: fed, items: "${{ vars.some }}" }, { sleep: 5ms }', '{ each: fed, do: [{ print: x }] }'],
  ])('comes about where it is given back with an end that comes a while after %s', (_, steps, before) => {
    const text = spec('acquire: m', '', '', `  z: { steps: [{ acquire: m }, ${steps}] }\nvalues: { v: [1] }`).replace('queues: { ', 'queues: { fed: , room: { capacity: 1 }, ').replace('x: { steps: [{ sleep: 1ms }', `x: { steps: [${before}`).replace('{ sleep: 5ms }, { acquire: l }', '{ sleep: 50ms }, { acquire: l }');
    expect(exitCodes(text)).toContain(5);
    expect(certaintyOf(text, budget)).toMatch(/^(?:some interleaving|every run|possible)$/u);
  });
});
