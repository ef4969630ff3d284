import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { certaintyOf } from '../../rig/certainty-of.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

function exitCodes(text: string): readonly number[] {
  return [play(text), ...seeds.map((seed) => play(text, { seed }))].map(({ end }) => end.exitCode);
}

/** `x` waits for `y` with what that needs, unless it gets in time what it waits for. */
function spec(waits: string, before = '', behind = '', more = ''): string {
  return `
locks: { l: , m: }
semaphores: { s: { permits: 2 }, t: { permits: 2, fair: true } }
queues: { q: { items: [1] }, empty: , full: { capacity: 1, items: [1] }, roomy: { capacity: 2, items: [1] } }
events: { go: { set: true }, late: , pulse: { set: true }, over: , begun: }
barriers: { alone: { parties: 1 }, two: { parties: 2 } }
processes:
  x: { steps: [{ sleep: 2ms }, { ${waits}, timeout: 1ms, on_timeout: [{ acquire: l }, { join: y }] }] }
  y: { steps: [${before}{ sleep: 9ms }, { acquire: l }${behind}], sets: { start: begun } }
  short: { steps: [{ print: x }], sets: { success: over } }
  idle: { autostart: false, steps: [{ put: q, item: 1 }, { get: q }, { put: full, item: 1 }, { get: full }, { put: roomy, item: 1 }, { get: roomy }, { put: empty, item: 1 }, { get: empty }, { wait: go }, { set: late }, { wait: late }, { with: s, do: [{ acquire: m }] }, { acquire: t }, { wait: pulse }, { clear: pulse }, { set: pulse }, { wait: two }, { wait: alone }, { wait: over }, { wait: begun }] }
  other: { autostart: false, steps: [{ wait: two }] }
${more}`;
}

function verdictOf(text: string): string {
  return judge(validPlan(text), budget).verdict.type;
}

describe('a deadlock behind a wait that takes too long', () => {
  it.each(['get: q', 'put: roomy, item: 1', 'acquire: m', 'acquire: [m, {name: s, permits: 2}]', 'acquire: t', 'wait: go', 'wait: pulse', 'with: m, do: [{ print: x }]', 'each: q, do: [{ print: x }, { shutdown: 0 }]', 'wait: alone'])('is none where what is waited for is there: %s', (waits) => {
    expect(exitCodes(spec(waits))).not.toContain(5);
    expect(verdictOf(spec(waits))).toBe('proved');
  });

  it.each([
    ['put: full, item: 1', '', ', { get: full }'],
    ['get: empty', '', ', { put: empty, item: 1 }'],
    ['wait: late', '', ', { set: late }'],
    ['acquire: m', '{ acquire: m }, ', ''],
    ['with: m, do: [{ print: x }]', '{ acquire: m }, ', ''],
    ['acquire: [m, {name: s, permits: 2}]', '{ acquire: s }, ', ''],
    ['acquire: {name: t, permits: 2}', '{ acquire: t }, ', ''],
    ['get: q', '{ get: q }, ', ', { put: q, item: 1 }'],
    ['wait: pulse', '{ clear: pulse }, ', ', { set: pulse }'],
    ['wait: two', '', ', { wait: two }'],
    ['join: y', '', ''],
  ])('comes about where that is not there in time: %s', (waits, before, behind) => {
    expect(exitCodes(spec(waits, before, behind))).toContain(5);
    expect(certaintyOf(spec(waits, before, behind), budget)).toMatch(/^(?:some interleaving|every run)$/u);
  });

  it.each(['{ acquire: m }, { sleep: 9ms }', '{ with: m, do: [{ sleep: 9ms }] }'])('comes about where somebody keeps it for a while: %s', (steps) => {
    const text = spec('acquire: m', '', '', `  z: { steps: [${steps}] }`);
    expect(exitCodes(text)).toContain(5);
    expect(certaintyOf(text, budget)).toBe('some interleaving');
  });

  it.each([
    ['an event of its start', 'wait: begun'],
    ['an event of an end', 'wait: over'],
    ['an end', 'join: short'],
  ])('is none where %s has come before', (_, waits) => {
    const text = spec(waits).replace('x: { steps', 'x: { depends_on: { short: { condition: success }, y: { condition: start } }, steps');
    expect(exitCodes(text)).not.toContain(5);
    expect(verdictOf(text)).toBe('proved');
  });

  it.each([
    ['an event of an end', 'wait: over'],
    ['an end', 'join: short'],
  ])('comes about where %s comes a while after the last step that others see', (_, waits) => {
    const text = spec(waits).replace('short: { steps: [{ print: x }]', 'short: { steps: [{ set: late }, { sleep: 9ms }]').replace('{ sleep: 2ms }', '{ wait: late }');
    expect(exitCodes(text)).toContain(5);
    expect(certaintyOf(text, budget)).toBe('some interleaving');
  });
});

describe('a loop that is left only by who waits in vain', () => {
  it('is never left where what is waited for is always there, so that whoever joins it may wait for ever', () => {
    const text = `
locks: { l: , m: }
processes:
  x: { steps: [{ repeat: forever, do: [{ with: m, timeout: 1ms, on_timeout: [{ exit: 0 }], do: [{ sleep: 1ms }] }] }] }
  y: { steps: [{ join: x }, { with: l, do: [{ print: y }] }] }
  idle: { autostart: false, steps: [{ acquire: l }] }
`;
    expect(certaintyOf(text, budget)).toBe('possible');
  });
});

describe('a wait for all items to be done that takes too long', () => {
  const itemsSpec = (steps: string): string => `
locks: { l: }
events: { go: }
queues: { q: { items: [1, 1] } }
processes:
  y: { steps: [{ get: q }, { task_done: q }, { get: q }, ${steps}] }
  x: { steps: [{ wait: go }, { join: q, timeout: 1ms, on_timeout: [{ acquire: l }, { join: z }] }] }
  z: { steps: [{ sleep: 9ms }, { acquire: l }] }
`;

  it('is told before the last of them is done, with the end of who has it in hand', () => {
    expect(exitCodes(itemsSpec('{ set: go }, { sleep: 5ms }'))).toContain(5);
    expect(certaintyOf(itemsSpec('{ set: go }, { sleep: 5ms }'), budget)).toBe('some interleaving');
  });

  it('is not where all are done before', () => {
    expect(exitCodes(itemsSpec('{ task_done: q }, { set: go }'))).not.toContain(5);
    expect(judge(validPlan(itemsSpec('{ task_done: q }, { set: go }')), budget).verdict.type).toBe('proved');
  });
});

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
    expect(certaintyOf(text, budget)).toMatch(/^(?:some interleaving|every run)$/u);
  });
});

describe('a wait that is refused at once', () => {
  const crossed = (condition: string): string => `on_failure: continue
locks: { l: , m: }
events: { late: }
barriers: { two: { parties: 2 } }
queues: { q: { items: [1] } }
processes:
  x: { steps: [{ abort: two }, { wait: two, allow_failure: true }] }
  ${condition}
  b: { wait_for: [late], steps: [{ acquire: l }, { sleep: 9ms }, { acquire: m }] }
  c: { wait_for: [late], steps: [{ acquire: m }, { sleep: 9ms }, { acquire: l }] }
`;

  it.each([
    ['before a start', 'a: { depends_on: [x], wait_for: [{ name: two, timeout: 5ms }], steps: [{ print: x }], sets: { failure: late } }'],
    ['in a step', 'a: { depends_on: [x], steps: [{ wait: two, timeout: 5ms, on_timeout: [{ set: late }] }] }'],
    ['in a step for the next item', 'a: { depends_on: [x], steps: [{ get: q }, { get: q, timeout: 5ms, on_timeout: [{ set: late }] }] }'],
  ])('takes no time in a run, so that a deadlock behind its time is not told as sure: %s', (_, a) => {
    expect(exitCodes(crossed(a))).not.toContain(5);
    expect(certaintyOf(crossed(a), budget)).toBe('possible');
  });

  it('is told as sure where the time may be over before', () => {
    const text = crossed('a: { wait_for: [{ name: two, timeout: 5ms }], steps: [{ print: x }], sets: { failure: late } }').replace('[{ abort: two }', '[{ sleep: 9ms }, { abort: two }');
    expect(exitCodes(text)).toContain(5);
    expect(certaintyOf(text, budget)).toBe('some interleaving');
  });
});
