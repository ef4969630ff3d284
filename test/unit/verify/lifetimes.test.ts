import { expect, it } from 'vitest';
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
