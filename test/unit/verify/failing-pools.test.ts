import { describe, expect, it } from 'vitest';
import { makesDoubtful } from '../../../src/verify/assumption.ts';
import { whoFailsEveryRun } from '../../../src/verify/every-run-fails.ts';
import { judge, type Judgement } from '../../../src/verify/judge.ts';
import { neverSucceedsFinding } from '../../../src/verify/never-succeeds-finding.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };
const seeds = [1, 2, 3, 4, 5, 6];

/** Two that deadlock as soon as both have begun; `c` comes to it behind some steps of its own. */
function spec(pool: string, { c = 'steps: [', d = 'steps: [', more = '' }: { readonly c?: string; readonly d?: string; readonly more?: string }): string {
  return `
on_failure: continue
locks: { l: , m: , n: }
semaphores: { fair: { permits: 1, fair: true } }
barriers: { met: { parties: 2 } }
events: { go: , over: }
queues: { out: , turn: { items: [1] }, work: { items: [1, 2, 3] } }
pools: { w: { ${pool} } }
processes:
  c: { ${c} { with: l, do: [{ wait: met }, { acquire: m }] }] }
  d: { ${d} { with: m, do: [{ wait: met }, { acquire: l }] }] }
  idle: { autostart: false, steps: [{ put: turn, item: 1 }, { get: turn }, { put: out, item: 1 }, { get: out }, { get: work }, { set: go }, { set: over }, { wait: over, timeout: 1s }] }
  ${more}
`;
}

function judged(text: string): Judgement {
  return judge(validPlan(text), budget);
}

function exitCodes(text: string): readonly number[] {
  return [play(text), ...seeds.map((seed) => play(text, { seed }))].map(({ end }) => end.exitCode);
}

/** Of four tasks two slots take three, and one more where the third goes on before it is known that two have failed. */
function held(fails: string): string {
  return spec(`workers: 2, tasks: [1, 2, 3, 4], halt: { after: 2 }, steps: [{ put: seen, item: 1 }, { repeat: 1, do: [{ get: turn }, ${fails}] }, { wait: over }]`, {
    c: 'steps: [{ get: seen }, { get: seen }, { get: seen }, { get: seen }, ',
    more: 'p: { steps: [{ get: out }, { get: out }, { acquire: n }, { set: over }] }',
  }).replace('turn: { items: [1] }', 'turn: { items: [1, 1] }, seen:').replace('{ set: go }, { set: over }, ', '{ put: seen, item: 1 }, ');
}

const afterAll = { c: 'depends_on: [w], steps: [', d: 'depends_on: [w], steps: [' };
const ifFailed = 'depends_on: { w: { condition: failure } }, steps: [';

describe('no deadlock is told that no run comes to', () => {
  it.each([
    ['behind a pool of which each task fails', 'tasks: [1, 2], steps: [{ exit: 1 }]', afterAll],
    ['behind a pool of which one task finds nothing to take', 'workers: 2, tasks: [1, 2], steps: [{ get: turn, block: false, on_timeout: [{ exit: 1 }] }]', afterAll],
    ['behind a pool that fails with the task after which somebody waits', 'tasks: [1], steps: [{ get: turn }, { set: go }, { exit: 3 }]', { c: 'wait_for: [go], steps: [{ join: w }, ', d: 'depends_on: [w], steps: [' }],
    ['behind the failure of a pool of which each task succeeds', 'tasks: [1, 2], steps: [{ with: n, do: [{ set: go }] }, { get: turn, allow_failure: true }]', { c: ifFailed, d: ifFailed }],
    ['behind the failure of a pool of which each task ends itself with success', 'tasks: [1, 2], steps: [{ put: out, item: 1 }, { get: out, block: false, on_timeout: continue }, { exit: 0 }]', { c: ifFailed, d: ifFailed }],
    ['behind a pool that is halted', 'tasks: [1, 2], halt: { after: 1 }, steps: [{ exit: 1 }]', afterAll],
    ['behind what a second task does that is never begun', 'workers: 1, tasks: [1, 2], halt: { after: 1 }, steps: [{ put: out, item: 1 }, { exit: 1 }]', { c: 'steps: [{ get: out }, { get: out }, ' }],
    ['behind what a third task does that is never begun', 'workers: 1, tasks: [1, 2, 3], halt: { after: 2 }, steps: [{ put: out, item: 1 }, { exit: 1 }]', { c: 'steps: [{ get: out }, { get: out }, { get: out }, ' }],
    ['behind what a second task of four does, where the first is a quarter', 'workers: 1, tasks: [1, 2, 3, 4], halt: { after: 25% }, steps: [{ put: out, item: 1 }, { exit: 1 }]', { c: 'steps: [{ get: out }, { get: out }, ' }],
    ['behind items of a queue that are never taken as tasks', 'workers: 1, tasks: { queue: work }, halt: { after: 1 }, steps: [{ put: out, item: 1 }, { exit: 1 }]', { c: 'steps: [{ get: out }, { get: out }, ' }],
  ])('%s', (_, pool, others) => {
    const text = spec(pool, others);
    expect(exitCodes(text)).not.toContain(5);
    expect(judged(text).verdict.type).toBe('proved');
  });

  it.each(['after: 2', 'after: 50%'])('behind a task that would be taken after the second failure, by which another slot gets what it waits for: %s', (halt) => {
    const text = held('{ acquire: n }, { put: out, item: 1 }, { exit: 1 }').replace('after: 2', halt);
    expect(exitCodes(text)).not.toContain(5);
    expect(judged(text).verdict.type).toBe('proved');
  });

  it('behind a process that finds less than all tasks of a pool have put, which has fewer tasks than failures to halt it', () => {
    const text = spec('workers: 2, tasks: [1, 2], halt: { after: 9 }, steps: [{ put: out, item: 1 }, { exit: 1 }]', {
      c: 'depends_on: { p: { condition: failure } }, steps: [',
      more: 'p: { steps: [{ get: out }, { get: out }] }',
    });
    expect(exitCodes(text)).not.toContain(5);
    expect(judged(text).verdict.type).toBe('proved');
  });

  it('of a pool that is started again, which forgets its failures and takes no task after its halt', () => {
    const twice = (pool: string, c: string): string => spec(`autostart: false, workers: 1, ${pool}`, { c, more: 'p: { steps: [{ start: w }, { join: w }, { start: w }, { join: w }] }' });
    const text = twice('tasks: [1, 2], halt: { after: 1 }, steps: [{ put: out, item: 1 }, { exit: 1 }]', 'steps: [{ get: out }, { get: out }, { get: out }, ');
    expect(exitCodes(text)).not.toContain(5);
    expect(judged(text).verdict.type).toBe('proved');
    const anew = spec('autostart: false, workers: 1, tasks: [1], halt: { after: 2 }, steps: [{ put: out, item: 1 }, { exit: 1 }]', {
      c: 'depends_on: { o: { condition: failure } }, steps: [',
      more: 'o: { steps: [{ get: out }, { get: out }, { get: out }] }\n  p: { steps: [{ start: w }, { join: w }, { start: w }, { join: w }, { start: w }, { join: w }] }',
    });
    expect(exitCodes(anew)).not.toContain(5);
    expect(judged(anew).verdict.type).toBe('proved');
  });

  it.each(['n', 'fair'])('where a task that waits for what it is to hold, `%s`, is cancelled as its pool is halted', (name) => {
    const text = spec(`workers: 2, tasks: [1, 2], halt: { after: 1 }, with: ${name}, steps: [{ set: go }, { sleep: 5ms }, { exit: 1 }]`, {
      d: 'depends_on: [w], steps: [',
      more: `holder: { wait_for: [go], steps: [{ with: ${name}, do: [{ join: w }] }] }`,
    }).replace('c: { steps: [', 'c: { depends_on: [w], steps: [');
    expect(exitCodes(text)).not.toContain(5);
    expect(judged(text).verdict.type).toBe('proved');
  });

  it('of a task that is killed as its pool is halted, though it waits for what never comes', () => {
    const kill = (onHalt: string): string => `
on_failure: continue
queues: { turn: { items: [1] } }
pools: { w: { workers: 2, tasks: [1, 2], halt: { after: 1 }, ${onHalt} steps: [{ get: turn }, { sleep: 5ms }, { exit: 1 }] } }
processes: { p: { steps: [{ join: w }, { put: turn, item: 1 }] } }
`;
    expect(exitCodes(kill('on_halt: kill,'))).not.toContain(5);
    expect(judged(kill('on_halt: kill,')).verdict.type).toBe('proved');
    expect(exitCodes(kill(''))).toContain(5);
    expect(judged(kill('')).verdict.type).toBe('counterexample');
  });
});

it('no deadlock is told behind a failure that ends the run', () => {
  const text = `
locks: { l: , m: }
events: { go: }
pools: { w: { tasks: [1], steps: [{ set: go }, { exit: 1 }] } }
processes:
  a: { steps: [{ acquire: l }, { join: b }] }
  b: { depends_on: { w: { condition: exit } }, steps: [{ acquire: l }] }
`;
  expect(exitCodes(text)).not.toContain(5);
  expect(judged(text).verdict.type).not.toBe('counterexample');
  expect(judged(text.replace('exit: 1', 'exit: 0')).verdict.type).toBe('counterexample');
});

describe('a deadlock is told that a run comes to', () => {
  it.each([
    ['behind the failure of a pool', 'tasks: [1, 2], steps: [{ exit: 1 }]', { c: ifFailed, d: ifFailed }],
    ['behind a pool of which each task succeeds', 'tasks: [1, 2], steps: [{ set: go }, { exit: 0 }]', afterAll],
    ['behind a pool that fails at times, as one of its tasks may come too late', 'workers: 2, tasks: [1], steps: [{ get: turn, block: false, on_timeout: [{ exit: 1 }] }]', { ...afterAll, more: 'other: { steps: [{ sleep: 5ms }, { get: turn, block: false, on_timeout: continue }] }' }],
    ['behind a second task that is under way when its pool is halted', 'workers: 2, tasks: [1, 2], halt: { after: 1 }, steps: [{ put: out, item: 1 }, { sleep: 5ms }, { exit: 1 }]', { c: 'steps: [{ get: out }, { get: out }, ' }],
    ['behind what a second task does before its failure halts the pool', 'workers: 1, tasks: [1, 2, 3], halt: { after: 2 }, steps: [{ put: out, item: 1 }, { exit: 1 }]', { c: 'steps: [{ get: out }, { get: out }, ' }],
    ['behind what a second task does where the first is less than a share', 'workers: 1, tasks: [1, 2, 3, 4], halt: { after: 50% }, steps: [{ put: out, item: 1 }, { exit: 1 }]', { c: 'steps: [{ get: out }, { get: out }, ' }],
    ['behind the failure of a pool of which no item can be completed', 'environment: { SEED: "${{ item }}" }, tasks: ["${{ env.SEED }}"], steps: [{ set: go }]', { c: ifFailed, d: ifFailed }],
  ])('%s', (_, pool, others) => {
    const text = spec(pool, others);
    expect(exitCodes(text)).toContain(5);
    expect(judged(text).verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'c' }, { name: 'd' }] });
  });

  it('behind a task that is taken before the second failure is known, though a `with` has given back what it held', () => {
    const text = held('{ with: n, do: [{ put: out, item: 1 }, { exit: 1 }] }');
    expect([...seeds, ...seeds.map((seed) => 10 + seed)].map((seed) => play(text, { seed }).end.exitCode)).toContain(5);
    expect(judged(text).verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'c' }, { name: 'd' }] });
  });

  it('behind whoever waits for what a task would have done, had it not been killed as its pool was halted', () => {
    const text = spec('workers: 2, tasks: [1, 2], halt: { after: 1 }, on_halt: kill, steps: [{ get: turn, block: false, on_timeout: [{ put: out, item: 1 }, { sleep: 1s }, { set: go }, { exit: 0 }] }, { sleep: 10ms }, { exit: 1 }]', {
      c: 'depends_on: { p: { condition: failure } }, steps: [',
      d: 'depends_on: { p: { condition: failure } }, steps: [',
      more: 'p: { steps: [{ each: out, as: begun, do: [{ wait: go }] }] }',
    }).replace('{ set: go }, { set: over }', '{ set: over }');
    expect(exitCodes(text)).toContain(5);
    expect(judged(text).verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'c' }, { name: 'd' }] });
  });

  it('behind a pool that succeeds when it is started again, having been halted before', () => {
    const text = spec('autostart: false, workers: 1, tasks: [1], halt: { after: 1 }, steps: [{ get: turn, block: false, on_timeout: [{ set: go }, { exit: 0 }] }, { exit: 1 }]', {
      c: 'steps: [{ start: w }, { join: w }, { start: w }, { join: w }, { wait: go }, { put: turn, item: 1, allow_failure: true }, ',
    }).replace('{ set: go }, { set: over }', '{ set: over }');
    expect(exitCodes(text)).toContain(5);
    expect(judged(text).verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'c' }, { name: 'd' }] });
  });
});

it('of a pool of which a task fails in each run it is told', () => {
  const text = 'queues: { q: { items: [1] } }\npools: { w: { tasks: [1, 2], steps: [{ get: q, block: false }] } }\nprocesses: { r: { autostart: false, steps: [{ put: q, item: 1 }] }, p: { depends_on: [w], command: x } }';
  const found = neverSucceedsFinding(whoFailsEveryRun(validPlan(text), budget), () => ({ source: { name: 's', text: '' }, start: 0, end: 0 }));
  expect([found?.message, found?.hint]).toEqual(['no run can succeed: in each of them `w` fails here, since not all of its tasks can succeed', 'let each of its tasks succeed, or, where that is meant, give it `allow_failure: true`']);
});

it('whoever puts into the queue of a pool finds at its halt that nobody takes from it, while a task goes on that may deadlock with what comes then', () => {
  const text = (halt: string): string => `
on_failure: continue
events: { go: }
locks: { l: , m: }
queues: { work: { capacity: 2, items: [1, 2] }, turn: { items: [1] } }
pools:
  w: { workers: 2, tasks: { queue: work }, ${halt} steps: [{ get: turn, block: false, on_timeout: [{ with: l, do: [{ wait: go, timeout: 2s, on_timeout: [{ exit: 0 }] }, { acquire: m }] }, { exit: 0 }] }, { exit: 1 }] }
processes:
  x: { steps: [{ put: work, items: [3, 4, 5] }] }
  c: { depends_on: { x: { condition: failure } }, steps: [{ acquire: m }, { set: go }, { acquire: l }] }
  idle: { autostart: false, steps: [{ put: turn, item: 1 }] }
`;
  expect(exitCodes(text('halt: { after: 1 },'))).toContain(5);
  expect(judged(text('halt: { after: 1 },')).verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'c' }, {}] });
  expect(exitCodes(text(''))).not.toContain(5);
  expect(judged(text('')).verdict.type).toBe('proved');
});

it.each([
  ['is killed as its pool is halted', 'workers: 2, halt: { after: 1 }, on_halt: kill, tasks: [1, 2], steps: [{ get: turn, block: false, on_timeout: [{ wait: begun }, { exit: 1 }] }, { each: work, as: i, do: [{ set: begun }, { wait: go }] }]'],
  ['fails, with which its pool is halted', 'workers: 1, halt: { after: 1 }, tasks: [1, 2], steps: [{ get: turn }, { each: work, as: i, do: [{ set: begun }, { wait: go, timeout: 10ms }] }]'],
])('a task gives its item back where it %s', (_, p) => {
  const text = `
on_failure: continue
locks: { left: , right: }
queues: { work: { items: [1], on_consumer_death: redeliver }, turn: { items: [1] } }
events: { go: , begun: }
pools: { p: { ${p} } }
processes:
  y: { depends_on: { p: { condition: exit } }, steps: [{ get: work }] }
  a: { depends_on: [y], steps: [{ acquire: left }, { sleep: 2ms }, { acquire: right }] }
  b: { depends_on: [y], steps: [{ acquire: right }, { sleep: 2ms }, { acquire: left }] }
  s: { depends_on: { y: { condition: exit } }, steps: [{ wait: begun }, { set: go }, { put: turn, item: 2 }] }
`;
  expect(exitCodes(text)).toContain(5);
  expect(judged(text).verdict.type).toBe('counterexample');
});

it.each([
  ['is never where it is of a process', '${{ process.y.pid }}', 'proved', 0],
  ['is not where something else stands in for it', "${{ env.MPCTL_RUN_ID || 'none' }}", 'proved', 0],
  ['is up to the environment of the run', '${{ env.MPCTL_RUN_ID }}', 'counterexample', 0],
])('that a task has no item %s', (_, item, type, exitCode) => {
  const text = `
on_failure: continue
locks: { left: , right: }
pools: { p: { tasks: ["${item}"], steps: [{ sleep: 1ms }] } }
processes:
  y: { steps: [{ sleep: 1ms }] }
  a: { depends_on: { p: { condition: failure } }, steps: [{ acquire: left }, { sleep: 2ms }, { acquire: right }] }
  b: { depends_on: { p: { condition: failure } }, steps: [{ acquire: right }, { sleep: 2ms }, { acquire: left }] }
`;
  const { verdict, assumptions } = judged(text);
  expect(verdict.type).toBe(type);
  expect(verdict.type === 'counterexample' && makesDoubtful(assumptions, verdict)).toBe(type === 'counterexample');
  expect(play(text).end.exitCode).toBe(exitCode);
});

it('a deadlock before any task has failed is sure also where there was no time to look at what comes of failures', () => {
  const plan = validPlan('locks: { disk: }\npools:\n  projects: { workers: 2, tasks: [web, api], with: [disk], steps: [{ submit: compile, items: [a, b], as: objs }, { result: objs }] }\n  compile: { workers: 3, with: [disk], command: x }');
  let asked = 0;
  const { verdict, assumptions } = judge(plan, { maxStates: 100_000, mayGoOn: () => (asked += 1) < 10 });
  expect(asked).toBeGreaterThan(3);
  expect(assumptions.map(({ text }) => text)).toContain('`projects` may succeed though one of its tasks has failed');
  expect(verdict.type === 'counterexample' && makesDoubtful(assumptions, verdict)).toBe(false);
  expect(verdict.type).toBe('counterexample');
});
