import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { whoFailsEveryRun } from '../../../src/verify/every-run-fails.ts';
import { codesOf, validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };

/** `a` ends before it takes a lock, unless the step fails. */
const unlessItFails = (before: string, step: string): string => `
locks: { l: , m: , g: }
queues: { q: , i: { items: [1] } }
values: { text: no number, number: 1, kept: { k: 1 } }
pipes: { link: { between: [a, c] } }
pools: { p: { workers: 1, steps: [{ sleep: 1ms }] } }
processes:
  a: { steps: [${before}{ with: g, allow_failure: true, do: [${step}, { exit: 0 }] }, { acquire: m }, { sleep: 300ms }, { acquire: l }] }
  b: { steps: [{ sleep: 100ms }, { acquire: l }, { sleep: 300ms }, { acquire: m }] }
  c: { steps: [{ each: link, as: x, do: [{ sleep: 1ms }] }] }
  d: { steps: [{ each: q, as: x, do: [{ sleep: 1ms }] }] }
  e: { uses: { p: submit }, command: exit 0 }
`;

describe('of a step that fails for a value', () => {
  it.each([
    ['`add` to what is no number', '', '{ add: text }'],
    ['`add` to what has become none', '{ store: number, item: x }, ', '{ add: number }'],
    ['`add` of what is none', '{ load: text, as: x }, ', '{ add: number, by: "${{ vars.x }}" }'],
    ['`print` of a key that is not there', '{ load: kept, as: x }, ', '{ print: "${{ vars.x.y }}" }'],
    ['`store` of it', '{ load: kept, as: x }, ', '{ store: number, item: "${{ vars.x.y }}" }'],
    ['`put` of it', '{ load: kept, as: x }, ', '{ put: q, item: { a: ["${{ vars.x.y }}"] } }'],
    ['`put` of what is no list', '{ load: kept, as: x }, ', '{ put: q, items: "${{ vars.x }}" }'],
    ['`send` of it', '{ load: kept, as: x }, ', '{ send: link, item: "${{ vars.x.y }}" }'],
    ['`submit` of it', '{ load: kept, as: x }, ', '{ submit: p, item: "${{ vars.x.y }}" }'],
    ['a variable that a loop without rounds would have set', '{ repeat: 0, do: [{ load: kept, as: x }] }, ', '{ print: "${{ vars.x }}" }'],
    ['`result` of what a loop without rounds would have submitted', '{ repeat: 0, do: [{ submit: p, item: 1, as: x }] }, ', '{ result: x }'],
    ['`result` of what was not submitted, since that is no list', '{ load: kept, as: y }, { submit: p, items: "${{ vars.y }}", as: x, allow_failure: true }, ', '{ result: x }'],
    ['`task_done` of what is not in hand', '{ get: i }, { task_done: i }, ', '{ task_done: i }'],
  ])('a deadlock is found behind it, which a run comes to: %s', (_, before, step) => {
    const text = unlessItFails(before, step);
    expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
    expect(play(text).end.exitCode).toBe(5);
  });

  it.each([
    ['for a value', '{ add: text }', 'a fails here for a value that it needs'],
    ['for a task', '{ submit: p, item: 1, as: t }, { result: t }', 'a fails here, since a task has not succeeded'],
    ['since it is refused', '{ acquire: g }', 'a is refused this, and fails'],
  ])('the way to the deadlock says so: %s', (_, step, failure) => {
    const text = unlessItFails('', step).replace('{ sleep: 1ms }] } }', '{ run: exit 1 }] } }');
    const { verdict } = judge(validPlan(text), budget);
    expect(verdict.type === 'counterexample' ? verdict.steps.map(({ actor, what }) => `${actor} ${what}`) : []).toContain(failure);
  });

  it.each([
    ['a number', '', '{ add: number }'],
    ['a variable', '{ load: kept, as: x }, { with: g, do: [{ load: kept, as: y }] }, { repeat: 2, as: z, do: [{ load: kept, as: u }] }, ', '{ print: "${{ vars.x }} ${{ vars.y }} ${{ vars.u }}" }, { put: q, item: { a: "${{ vars.z }}" } }'],
    ['what has something to stand in for it', '{ load: kept, as: x }, ', '{ print: "${{ vars.x.y || 1 }}" }'],
    ['null, where a time was over or a failure is let pass', '{ get: q, as: x, block: false, on_timeout: continue }, { run: exit 1, as: y, allow_failure: true }, ', '{ print: "${{ vars.x }} ${{ vars.y }}" }'],
    ['what was submitted', '{ with: g, do: [{ submit: p, item: 1, as: x }] }, ', '{ result: x }'],
    ['what is in hand', '{ get: i }, { with: g, do: [{ task_done: i }] }, ', '{ print: done }'],
  ])('there is none where the value is there: %s', (_, before, step) => {
    const text = unlessItFails(before, step);
    expect(judge(validPlan(text), budget).verdict.type).toBe('proved');
    expect(play(text).of('run.deadlock')).toEqual([]);
  });

  it.each([
    ['{ add: v }', 'text'],
    ['{ load: v, as: x }, { print: "${{ vars.x.y }}" }', '{ k: 1 }'],
    ['{ load: v, as: x }, { store: v, item: "${{ vars.x.y }}" }', '{ k: 1 }'],
  ])('a loop is left by it, and what stands behind is reached: %s', (steps, value) => {
    const text = `
events: { e: }
values: { v: ${value} }
processes:
  a: { steps: [{ repeat: forever, allow_failure: true, do: [${steps}, { sleep: 1s }] }, { set: e }] }
  b: { wait_for: [e], command: exit 0 }
`;
    expect(codesOf(text)).not.toContain('MP709');
    expect(codesOf(text)).not.toContain('MP701');
    expect(play(text).end.exitCode).toBe(0);
  });

  it('a pool of such steps may fail', () => {
    const text = 'values: { v: text }\nevents: { e: }\npools: { p: { tasks: [1], steps: [{ add: v }], allow_failure: true } }\nprocesses:\n  a: { depends_on: { p: { condition: failure } }, steps: [{ set: e }] }\n  b: { wait_for: [e], command: exit 0 }';
    expect(whoFailsEveryRun(validPlan(text), budget)).toEqual([]);
    expect(play(text).end.exitCode).toBe(0);
  });

  it.each([
    ['of which each task has it', 'tasks: { matrix: { py: [a, b] } }', '', 'proved'],
    ['of which a task may have none', 'tasks: [{ py: a }, { os: b }]', '', 'counterexample'],
    ['to which others give tasks', 'tasks: [{ py: a }]', 'f: { steps: [{ submit: p, item: { os: b } }] }', 'counterexample'],
  ])('so it is with what is missing in the item of a pool %s', (_, tasks, more, type) => {
    const text = `
locks: { l: , m: , g: }
pools: { p: { workers: 1, ${tasks}, steps: [{ with: g, allow_failure: true, do: [{ print: "\${{ item.py }}" }, { exit: 0 }] }, { acquire: m }, { sleep: 300ms }, { acquire: l }] } }
processes:
  b: { steps: [{ sleep: 100ms }, { acquire: l }, { sleep: 300ms }, { acquire: m }] }
  ${more}
`;
    expect(judge(validPlan(text), budget).verdict.type).toBe(type);
  });
});

describe('what is printed into a file may not be written, which fails the process or the task that prints it', () => {
  const spec = (w: string): string => `
on_failure: continue
locks: { l: , m: }
barriers: { met: { parties: 2 } }
${w}
  c: { depends_on: { w: { condition: failure } }, steps: [{ with: l, do: [{ wait: met }, { acquire: m }] }] }
  d: { depends_on: { w: { condition: failure } }, steps: [{ with: m, do: [{ wait: met }, { acquire: l }] }] }
`;

  it.each([
    ['of a process', (stdout: string): string => `processes:\n  w: { ${stdout}steps: [{ print: x }] }`],
    ['of the tasks of a pool', (stdout: string): string => `pools: { w: { tasks: [1, 2], ${stdout}steps: [{ print: x }] } }\nprocesses:`],
  ])('%s', (_, w) => {
    const judged = (stdout: string): string => judge(validPlan(spec(w(stdout))), budget).verdict.type;
    expect([judged(''), judged('stdout: { file: f }, ')]).toEqual(['proved', 'counterexample']);
  });
});
