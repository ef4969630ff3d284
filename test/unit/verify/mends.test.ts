import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import type { Plan } from '../../../src/plan/plan.ts';
import { walkSteps } from '../../../src/plan/walk-steps.ts';
import { judge } from '../../../src/verify/judge.ts';
import { findMend } from '../../../src/verify/mend/find-mend.ts';
import { lastMendsFor, mendsFor } from '../../../src/verify/mend/mends.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const examples = path.join(import.meta.dirname, '../../../examples/deadlocks');
const budget = { maxStates: 50_000, mayGoOn: (): boolean => true };

/** What a mend may not leave out: who there is, what they share, and what they do. */
function partsOf(plan: Plan): { readonly names: readonly string[]; readonly steps: number } {
  const works = [...plan.instances, ...plan.pools];
  const steps = works.flatMap(({ body }) => (body.type === 'steps' ? [...walkSteps(body.steps)] : []));
  return { names: [...works, ...plan.primitives].map(({ name }) => name), steps: steps.length };
}

it.each(readdirSync(examples))('advises what mends %s, and leaves out no process, lock or step', (name) => {
  const plan = validPlan(readFileSync(path.join(examples, name, 'wrong.yaml'), 'utf8'));
  const mend = findMend(plan, judge(plan, budget).verdict, budget);
  expect(mend).not.toBeNull();
  if (mend === null) return;
  expect(judge(mend.plan, budget).verdict.type).toBe('proved');
  const [before, after] = [partsOf(plan), partsOf(mend.plan)];
  expect(after.names).toEqual(expect.arrayContaining([...before.names]));
  expect(after.steps).toBeGreaterThanOrEqual(before.steps);
});

it('advises more room in pipes as in queues', () => {
  const plan = validPlan(`
pipes: { link: { between: [a, b], capacity: 1 } }
processes:
  a: { steps: [{ send: link, item: 1 }, { send: link, item: 2 }, { recv: link }, { recv: link }] }
  b: { steps: [{ send: link, item: 1 }, { send: link, item: 2 }, { recv: link }, { recv: link }] }
`);
  const mend = findMend(plan, judge(plan, budget).verdict, budget);
  expect(mend?.hint).toBe('leave out the `capacity` of `link`, or make it as large as all that is sent before something is received');
  expect(mend === null ? null : judge(mend.plan, budget).verdict.type).toBe('proved');
});

it('advises nothing with which every run fails', () => {
  const plan = validPlan(`
locks: { m: }
conditions: { c: { lock: m } }
processes:
  a: { steps: [{ repeat: 3, do: [{ with: m, do: [{ notify: c }, { wait: c }] }] }] }
  b: { steps: [{ repeat: 3, do: [{ with: m, do: [{ wait: c }, { notify: c }] }] }] }
`);
  const { verdict } = judge(plan, budget);
  expect(verdict.type).toBe('counterexample');
  // That `b` waits last would be proved, but then nobody is left to notify it.
  expect(findMend(plan, verdict, budget)?.hint ?? '').not.toMatch(/after its other steps/u);
});

it.each([
  ['a circle of start waits', 'events: { go: }\nprocesses: { a: { command: x, depends_on: [b], sets: { success: go } }, b: { command: x, wait_for: [go] } }'],
  ['a wait for what comes only after it', 'events: { go: }\nprocesses: { a: { wait_for: [go], steps: [{ set: go }] } }'],
])('advises to set an event from the beginning in %s, where nothing else helps', (_, text) => {
  const plan = validPlan(text);
  const mend = findMend(plan, judge(plan, budget).verdict, budget);
  expect(mend?.hint).toBe('remove one of these waits, or let `go` be set from the beginning: `events: { go: { set: true } }`');
});

it('advises a `timeout` to programs that read from each other to the end, with which the run fails and does not hang', () => {
  const spec = 'queues: { one: , two: }\nprocesses: { a: { command: x, stdin: { queue: one }, stdout: { queue: two } }, b: { command: x, stdin: { queue: two }, stdout: { queue: one } } }';
  const plan = validPlan(spec);
  expect(findMend(plan, judge(plan, budget).verdict, budget)?.hint).toBe('let `a` not run for ever: with `timeout: 1m` it is stopped and has failed');
  expect(judge(validPlan(spec.replace('a: {', 'a: { timeout: 1m,')), budget).verdict.type).toBe('proved');
});

it.each([
  ['several at once', 'pools: { crawl: { workers: 3, tasks: [root], steps: [{ submit: crawl, items: [a, b], as: links }, { result: links }] } }'],
  ['one by one', 'pools: { crawl: { workers: 2, tasks: [root], steps: [{ run: fetch, as: url }, { submit: crawl, item: "${{ vars.url }}", as: one }, { submit: crawl, item: b, as: other }, { result: one }, { result: other }, { run: save }] } }'],
  ['with a lock', 'locks: { out: }\npools: { crawl: { workers: 3, tasks: [a, b], steps: [{ submit: crawl, items: [x, y], as: links }, { result: links }, { with: out, do: [{ run: save }] }] } }'],
  ['from without', 'pools: { crawl: { workers: 2, steps: [{ submit: crawl, items: [a, b, c], as: links }, { result: links }] } }\nprocesses: { main: { steps: [{ submit: crawl, item: root, as: r }, { result: r }] } }'],
])('advises a pool that crawls, and waits for what it comes upon, one of its own for that, with few looks: %s', (_, text) => {
  const plan = validPlan(text);
  const { verdict } = judge(plan, budget);
  const mend = findMend(plan, verdict, { ...budget, maxStates: 2000 });
  expect(mend?.hint).toBe('give what the tasks of `crawl` submit a pool of its own');
  expect(mend === null ? null : judge({ ...mend.plan, pools: mend.plan.pools.map((pool) => ({ ...pool, workers: 3 })) }, budget).verdict.type).toBe('proved');
});

it.each(readdirSync(examples))('tries nothing for %s that leaves all as it was', (name) => {
  const plan = validPlan(readFileSync(path.join(examples, name, 'wrong.yaml'), 'utf8'));
  const { verdict } = judge(plan, budget);
  const stuck = verdict.type === 'counterexample' ? verdict.stuck : [];
  const tried = [...mendsFor(plan, stuck), ...lastMendsFor(plan, stuck)];
  expect(tried.length).toBeGreaterThan(0);
  expect(tried.filter((mend) => isDeepStrictEqual(mend.plan, plan)).map(({ hint }) => hint)).toEqual([]);
});

it.each([
  ['two', 'pools:\n  a: { workers: 1, tasks: [1], steps: [{ submit: b, item: 1, as: r }, { result: r }] }\n  b: { workers: 1, steps: [{ submit: a, item: 1, as: r }, { result: r }] }', 'give what the tasks of `b` submit to `a` a pool of its own'],
  ['three, one after the other', 'pools:\n  a: { workers: 1, tasks: [1], steps: [{ submit: b, item: 1, as: r }, { result: r }] }\n  b: { workers: 1, steps: [{ submit: c, item: 1, as: r }, { result: r }] }\n  c: { workers: 1, steps: [{ submit: a, item: 1, as: r }, { result: r }] }', 'give what the tasks of `c` submit to `a` a pool of its own'],
])('advises pools that submit to each other, and wait for the results, to leave the ring: %s', (_, text, hint) => {
  const plan = validPlan(text);
  const mend = findMend(plan, judge(plan, budget).verdict, budget);
  expect(mend?.hint).toBe(hint);
  expect(mend === null ? null : judge(mend.plan, budget).verdict.type).toBe('proved');
});

it('advises a pool of their own within half a second, whatever more workers would come to', () => {
  const plan = validPlan(readFileSync(path.join(examples, 'tasks-that-wait-for-tasks-of-their-pool', 'wrong.yaml'), 'utf8'));
  // The longest look that any other change is worth is one of so many states.
  expect(findMend(plan, judge(plan, budget).verdict, { ...budget, maxStates: 2000 })?.hint).toBe('give what the tasks of `jobs` submit a pool of its own');
});

it('advises a pool that is stuck, and none whose name only begins alike', () => {
  const plan = validPlan('locks: { k: , l: , m: }\npools: { p: { workers: 1, tasks: [1], command: x, with: [k], uses: { m: acquire } }, p-q: { workers: 1, tasks: [1], command: x, with: [l], uses: { m: acquire } } }\nprocesses: { z: { command: x, with: m, uses: { l: acquire } } }');
  expect(findMend(plan, judge(plan, budget).verdict, budget)?.hint).toBe('let `z`, `p-q` take all before the start: `with: [m, l]`');
});

const twoParties = 'barriers: { m: { parties: 2 } }\nevents: { e: }\nprocesses:\n';

it.each([
  [
    'a slot more',
    'max_parallel: 1\nqueues: { q: }\nprocesses:\n  a: { command: read 0, stdin: { queue: q } }\n  b: { command: print x, stdout: { queue: q } }',
    'raise `max_parallel` to 2: so many of these have to run at the same time',
    ['max_parallel: 1', 'max_parallel: 2'],
  ],
  [
    'to wait for an event behind a barrier',
    `${twoParties}  a: { wait_for: [e, m], command: exit 0 }\n  b: { wait_for: [m], steps: [{ set: e }] }`,
    'let `a` wait for `e` by its first step, and not before its start',
    ['a: { wait_for: [e, m], command: exit 0 }', 'a: { wait_for: [m], steps: [{ wait: e }, { run: exit 0 }] }'],
  ],
  [
    'to wait for an event after the rest',
    `${twoParties}  a: { wait_for: [e], steps: [{ wait: m }] }\n  b: { wait_for: [m], steps: [{ set: e }] }`,
    'let `a` wait for `e` by its last step, and not before its start',
    ['a: { wait_for: [e], steps: [{ wait: m }] }', 'a: { steps: [{ wait: m }, { wait: e }] }'],
  ],
  [
    'to take all at once what is taken inside of a `with` of a process',
    'locks: { a: , b: }\nprocesses:\n  x: { with: a, steps: [{ acquire: b }] }\n  y: { with: a, steps: [{ print: y }] }\n  z: { with: b, steps: [{ with: a, do: [{ print: z }] }] }',
    'let `x`, `z` take all at once, where the first of them is taken: `with: [a, b]`',
    ['z: { with: b, steps: [{ with: a, do: [{ print: z }] }] }', 'z: { with: [a, b], steps: [{ print: z }] }'],
  ],
  [
    'to take all at once what is taken inside of a step `with`',
    'locks: { a: , b: }\nprocesses:\n  x: { steps: [{ with: a, do: [{ with: b, do: [{ print: x }] }] }] }\n  y: { steps: [{ with: b, do: [{ with: a, do: [{ print: y }] }] }] }',
    'let `x`, `y` take all at once, where the first of them is taken: `with: [a, b]`',
    ['y: { steps: [{ with: b, do: [{ with: a, do: [{ print: y }] }] }] }', 'y: { steps: [{ with: [a, b], do: [{ print: y }] }] }'],
  ],
  [
    'to release a lock before a result is waited for, and not after it',
    'locks: { out: }\npools: { p: { workers: 1, steps: [{ with: out, do: [{ print: x }] }] } }\nprocesses: { m: { steps: [{ acquire: out }, { submit: p, item: 1, as: r }, { result: r }, { release: out }] } }',
    'release `out` before `p` is waited for',
    ['{ result: r }, { release: out }', '{ release: out }, { result: r }'],
  ],
  [
    'to move the daemon that fills the tasks of a pool',
    'queues: { jobs: }\ndaemons: { cron: { command: print x, stdout: { queue: jobs } } }\npools: { w: { workers: 2, tasks: { queue: jobs }, command: exit 0 } }',
    'move `cron` to `processes`: `jobs` is at an end when it has ended, for which the run waits then',
    ['daemons', 'processes'],
  ],
  [
    'to end the loop that fills the tasks of a pool',
    'queues: { jobs: }\ndaemons: { cron: { steps: [{ repeat: forever, do: [{ put: jobs, item: x }] }] } }\npools: { w: { workers: 2, tasks: { queue: jobs }, command: exit 0 } }',
    'let the loop of `cron` end, as with `repeat: 100`: `jobs` is at an end then',
    ['repeat: forever', 'repeat: 3'],
  ],
])('advises %s, with which a run succeeds', (_, spec, hint, [before = '', after = '']) => {
  const plan = validPlan(spec);
  expect(findMend(plan, judge(plan, budget).verdict, budget)?.hint).toBe(hint);
  const mended = spec.replace(before, after);
  expect(judge(validPlan(mended), budget).verdict.type).toBe('proved');
  expect(play(mended).end.exitCode).toBe(0);
});

it.each([
  ['before it is taken', '{ with: env, do: [{ wait: deployed }, { print: ok }] }', 'let `smoke` wait for `deployed` before it takes `env`'],
  ['behind it', '{ with: env, do: [{ print: ok }, { join: deploy }] }', 'end the step `with` that holds `env` before `deploy` is waited for'],
  ['between', '{ with: env, do: [{ print: ok }, { wait: deployed }, { print: more }] }', 'end the step `with` that holds `env` before `deployed` is waited for'],
])('advises to wait for others outside of a step `with` that holds what they need: %s', (_, step, hint) => {
  const plan = validPlan(`locks: { env: }\nevents: { deployed: }\nprocesses: { deploy: { with: env, command: x, sets: { success: deployed } }, smoke: { steps: [${step}] } }`);
  const mend = findMend(plan, judge(plan, budget).verdict, budget);
  expect(mend?.hint).toBe(hint);
  expect(mend === null ? null : judge(mend.plan, budget).verdict.type).toBe('proved');
});

it('advises to wait outside of a step `with` for results whose tasks need what it holds', () => {
  const plan = validPlan('locks: { m: }\npools: { work: { workers: 1, with: m, command: x } }\nprocesses: { boss: { steps: [{ with: m, do: [{ submit: work, items: [a, b], as: h }, { result: h }] }] } }');
  expect(findMend(plan, judge(plan, budget).verdict, budget)?.hint).toBe('end the step `with` that holds `m` before `work` is waited for');
});

it('advises first to set an event or to leave out a wait of several, and only then to let it fail', () => {
  const pool = validPlan('events: { go: }\npools: { p: { workers: 1, tasks: [a], steps: [{ wait: go }] } }\nprocesses: { m: { depends_on: [p], steps: [{ set: go }] } }');
  expect(findMend(pool, judge(pool, budget).verdict, budget)?.hint).toBe('remove one of these waits, or let `go` be set from the beginning: `events: { go: { set: true } }`');
  const pipe = validPlan('pipes: { link: { between: [a, b] } }\nprocesses: { a: { steps: [{ recv: link }, { send: link, item: x }] }, b: { steps: [{ recv: link }, { send: link, item: x }] } }');
  expect(findMend(pipe, judge(pipe, budget).verdict, budget)?.hint).toBe('remove one of these waits, or let `a` not wait for ever: with `timeout: 1m` its wait for `link` fails');
});
