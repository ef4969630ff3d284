import { expect, it } from 'vitest';
import { isEngineCall } from '../../../src/engine/caller.ts';
import { parseCall } from '../../../src/protocol/parse-call.ts';
import { makesDoubtful } from '../../../src/verify/assumption.ts';
import { judge, type Judgement } from '../../../src/verify/judge.ts';
import { replay } from '../../property/verify/replay.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

/** Two that wait for each other once `x` has failed. */
function behindFailure(x: string, more = ''): string {
  return `
on_failure: continue
locks: { left: , right: }
events: { go: }
processes:
  x: ${x}
  a: { depends_on: { x: { condition: failure } }, steps: [{ acquire: left }, { sleep: 2ms }, { acquire: right }] }
  b: { depends_on: { x: { condition: failure } }, steps: [{ acquire: right }, { sleep: 2ms }, { acquire: left }] }
${more}`;
}

function judged(text: string): Judgement {
  return judge(validPlan(text), { maxStates: 20_000, mayGoOn: () => true });
}

/** What a run comes to along the schedule of the deadlock that is told. */
function replayed(text: string): ReturnType<typeof replay> | null {
  const { verdict } = judged(text);
  return verdict.type === 'counterexample' ? replay(validPlan(text), verdict.schedule) : null;
}

function isSure({ verdict, assumptions }: Judgement): boolean | null {
  return verdict.type === 'counterexample' ? !makesDoubtful(assumptions, verdict) : null;
}

it.each([
  ['sleeps', '{ timeout: 20ms, steps: [{ sleep: 100ms }] }'],
  ['sleeps again and again', '{ timeout: 20ms, steps: [{ repeat: 10, do: [{ sleep: 10ms }, { print: x }] }] }'],
  ['goes round for ever', '{ timeout: 20ms, steps: [{ repeat: forever, do: [{ sleep: 10ms }] }] }'],
  ['sleeps where its failure is let pass', '{ timeout: 20ms, steps: [{ sleep: 100ms, allow_failure: true }] }'],
])('the time of an attempt may be over while it %s', (_, x) => {
  const text = behindFailure(x);
  expect(isSure(judged(text))).toBe(true);
  expect(replayed(text)).toMatchObject({ exitCode: 5, departure: null });
  expect(play(text).of('run.deadlock')).toHaveLength(1);
});

it('so may that of a task', () => {
  const text = behindFailure('{ depends_on: [k], steps: [{ exit: 1 }] }', 'pools: { k: { workers: 1, tasks: [1], timeout: 20ms, steps: [{ sleep: 100ms }] } }').replaceAll('x: { condition', 'k: { condition');
  expect(isSure(judged(text))).toBe(true);
  expect(play(text).of('run.deadlock')).toHaveLength(1);
});

it('whether it has time left for a sleep is up to the run', () => {
  const asleep = judged(behindFailure('{ timeout: 30ms, steps: [{ sleep: 15ms }] }'));
  expect(isSure(asleep)).toBe(false);
});

it.each([
  ['what it prints can be written', '{ stdout: { file: f }, steps: [{ print: x }] }'],
  ['the code by which it ends is a success', '{ steps: [{ load: code, as: seen }, { exit: "${{ vars.seen }}" }] }'],
])('whether %s is up to the run, which no schedule brings about', (_, x) => {
  const text = `values: { code: 0 }\n${behindFailure(x)}`;
  expect(isSure(judged(text))).toBe(false);
  expect(replayed(text)).toMatchObject({ exitCode: 0 });
  // Where it is of no account for the deadlock it makes that none the less sure.
  expect(isSure(judged(text.replaceAll('depends_on: { x: { condition: failure } }, ', '')))).toBe(true);
});

it('a deadlock beside who may have too little time is as sure as without', () => {
  const text = behindFailure('{ timeout: 30ms, steps: [{ sleep: 15ms }] }').replaceAll('depends_on: { x: { condition: failure } }, ', '');
  expect(isSure(judged(text))).toBe(true);
});

it.each([
  ['while it sleeps', '{ liveness_probe: { exec: [down 10], period: 10ms, failure_threshold: 1 }, steps: [{ sleep: 300ms }] }'],
  ['where it waits', '{ liveness_probe: { exec: [down 1], period: 1ms, failure_threshold: 1 }, steps: [{ wait: go }] }'],
  ['before it is ready', '{ readiness_probe: { exec: [down 0], period: 5ms, failure_threshold: 2 }, steps: [{ sleep: 300ms }, { set: go }] }'],
])('a probe of steps may fail %s', (_, x) => {
  const text = behindFailure(x, '  s: { steps: [{ sleep: 20ms }, { set: go }] }');
  expect(judged(text).verdict.type).toBe('counterexample');
  expect(play(text).of('run.deadlock')).toHaveLength(1);
});

it('a probe that need not fail ends no deadlock', () => {
  const text = behindFailure('{ steps: [{ exit: 1 }] }').replace('a: {', 'a: { liveness_probe: { exec: [sleep 1], period: 10ms },');
  expect(isSure(judged(text))).toBe(true);
});

it('who goes round for ever with so much time gives back what it holds', () => {
  const text = `
on_failure: continue
locks: { left: }
processes:
  d: { timeout: 20ms, allow_failure: true, with: [left], steps: [{ repeat: forever, do: [{ sleep: 1ms }] }] }
  a: { steps: [{ sleep: 1ms }, { acquire: left }] }
`;
  expect(judged(text).verdict.type).toBe('proved');
  expect(play(text).end.exitCode).toBe(0);
});

it.each(['each: link, do: [{ print: x }]', 'send: link, item: 1'])('an attempt may be over while a program is awaited at a pipe: %s', (step) => {
  const more = '  y: { command: sleep }\npipes: { link: { between: [x, y], capacity: 1 } }';
  expect(judged(behindFailure(`{ timeout: 100ms, steps: [{ ${step} }] }`, more)).verdict.type).toBe('counterexample');
  expect(judged(behindFailure(`{ steps: [{ ${step} }] }`, more)).verdict.type).toBe('proved');
});

/** Two that wait for each other once `x` has failed, which was to come to something before. */
function oneByOne(x: string, more: string): string {
  const ofBoth = 'depends_on: { x: { condition: failure } }, wait_for: [e]';
  return `
on_failure: continue
locks: { left: , right: }
events: { e: , go: }
queues: { q: , gate: , room: { capacity: 1 } }
processes:
  x: { liveness_probe: { exec: [down 30], period: 10ms, failure_threshold: 1 }, ${x} }
  a: { ${ofBoth}, steps: [{ acquire: left }, { sleep: 2ms }, { acquire: right }] }
  b: { ${ofBoth}, steps: [{ acquire: right }, { sleep: 2ms }, { acquire: left }] }
${more}`;
}

/** Who has another item only for whom has seen the failure of `x`. */
function lateItem(put: string): string {
  return `  z: { steps: [{ ${put} }, { get: gate, timeout: 100ms, on_timeout: [{ exit: 0 }] }, { ${put} }] }
  g: { depends_on: { x: { condition: failure } }, steps: [{ put: gate, item: 1 }] }
`;
}

it.each([
  ['of a queue', 'steps: [{ each: q, do: [{ set: e }] }]', lateItem('put: q, item: 1')],
  ['of a pipe', 'steps: [{ each: link, do: [{ set: e }] }]', `${lateItem('send: link, item: 1')}pipes: { link: { from: z, to: x } }\n`],
  ['that it puts', 'steps: [{ put: room, items: [1, 2, 3] }]', '  t: { steps: [{ get: room }, { set: e }, { wait: go, timeout: 100ms, on_timeout: continue }, { get: room }, { get: room }] }\n  s: { depends_on: { x: { condition: failure } }, steps: [{ set: go }] }\n'],
])('a probe may fail before any item %s', (_, x, more) => {
  const text = oneByOne(x, more);
  expect(isSure(judged(text))).toBe(false);
  expect(play(text).of('run.deadlock')).toHaveLength(1);
});

it('so may it within a command whose own failure is let pass', () => {
  const text = oneByOne('uses: { e: set }, steps: [{ run: sleep 60, allow_failure: true }]', '');
  expect(isSure(judged(text))).toBe(false);
  const call = parseCall('event.set', { name: 'e' });
  if (!call.ok || !isEngineCall(call.value)) throw new Error('that is a call for the engine');
  const event = { type: 'call', id: 1, caller: { instance: 'x', holder: '1/1' }, call: call.value, progress: 0 } as const;
  expect(play(text, { calls: [{ atMs: 5, event }] }).of('run.deadlock')).toHaveLength(1);
});

it('and once it is notified, before it has the lock again', () => {
  const text = `
on_failure: continue
locks: { left: , right: , l: }
conditions: { c: { lock: l } }
events: { one: , two: }
processes:
  x: { liveness_probe: { exec: [down 30], period: 10ms, failure_threshold: 1 }, steps: [{ with: l, do: [{ set: one }, { wait: c }] }] }
  other: { steps: [{ wait: one }, { with: l, do: [{ set: two }, { wait: c }] }] }
  y: { steps: [{ wait: two }, { with: l, do: [{ notify: c }, { sleep: 60ms }] }] }
  a: { depends_on: { x: { condition: failure }, other: { condition: failure } }, wait_for: [two], steps: [{ acquire: left }, { sleep: 2ms }, { acquire: right }] }
  b: { depends_on: { x: { condition: failure }, other: { condition: failure } }, wait_for: [two], steps: [{ acquire: right }, { sleep: 2ms }, { acquire: left }] }
`;
  expect(isSure(judged(text))).toBe(false);
  expect(play(text).of('run.deadlock')).toHaveLength(1);
});

it.each(['', 'readiness_probe: { exec: [up 5], period: 1ms }, '])('a program that cannot be started never has: %s', (probe) => {
  const text = `
on_failure: continue
locks: { left: , right: }
events: { go: }
processes:
  x: { ${probe}command: fail 127, sets: { start: go } }
  d: { wait_for: [go], steps: [{ kill: a }] }
  a: { depends_on: { x: { condition: failure }, d: { condition: exit } }, steps: [{ acquire: left }, { sleep: 2ms }, { acquire: right }] }
  b: { depends_on: { x: { condition: failure } }, steps: [{ sleep: 1ms }, { acquire: right }, { sleep: 2ms }, { acquire: left }] }
`;
  expect(isSure(judged(text))).toBe(false);
  expect(play(text).of('run.deadlock')).toHaveLength(1);
});
