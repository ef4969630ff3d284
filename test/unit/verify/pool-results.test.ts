import { describe, expect, it } from 'vitest';
import { alwaysDeadlocks } from '../../../src/verify/always-deadlocks.ts';
import { judge, type Judgement } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };

function spec(capacity: string, steps: string, tasks = '[1, 2, 3, 4]'): string {
  return `
queues: { out: ${capacity} }
pools: { work: { workers: 2, tasks: ${tasks}, order: completion, command: x, results: { queue: out } } }
processes: { sink: { steps: ${steps} } }
`;
}

function judged(text: string): Judgement {
  return judge(validPlan(text), budget);
}

it('results that nobody takes before the end of their pool fill a bounded queue, which deadlocks in every run', () => {
  const text = spec('{ capacity: 1 }', '[{ join: work }, { each: out, do: [{ print: got }] }]');
  const { verdict } = judged(text);
  expect(verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'sink', waitsFor: ['work'] }, { name: 'work', waitsFor: ['out'] }] });
  expect(alwaysDeadlocks(validPlan(text), budget)).toBe(true);
  const words = verdict.type === 'counterexample' ? verdict.steps.map(({ actor, what }) => `${actor} ${what}`) : [];
  expect(words).toEqual(expect.arrayContaining(['work-1 puts into the results of work', 'work gets from the results of work', 'work puts into out']));
});

it.each([
  ['that are taken as they come', '{ capacity: 1 }', '[{ each: out, do: [{ print: got }] }, { join: work }]', '[1, 2, 3, 4]'],
  ['for which there is room', '{ capacity: 4 }', '[{ join: work }, { each: out, do: [{ print: got }] }]', '[1, 2, 3, 4]'],
  ['into a queue without a bound', '', '[{ join: work }, { each: out, do: [{ print: got }] }]', '[1, 2, 3, 4]'],
  ['of nobody knows how many tasks, that are taken as they come', '{ capacity: 1 }', '[{ each: out, do: [{ print: got }] }]', '{ lines: files.txt }'],
  ['that nobody takes to the end, and are dropped', '{ capacity: 1 }', '[{ get: out }]', '[1, 2, 3, 4]'],
])('results %s hide nothing, and nothing is left out', (_, capacity, steps, tasks) => {
  const { verdict, assumptions } = judged(spec(capacity, steps, tasks));
  expect(verdict.type).toBe('proved');
  expect(assumptions.filter(({ kind }) => kind === 'left_out')).toEqual([]);
});

it('results that wait for those of the tasks before are left out, unless each task waits for the one before anyway', () => {
  const leftOut = (workers: number): readonly string[] => {
    const { verdict, assumptions } = judged(`
queues: { out: , tokens: { items: [1] } }
pools: { work: { workers: ${String(workers)}, tasks: [1, 2], order: input, steps: [{ get: tokens }], results: { queue: out } } }
processes: { sink: { steps: [{ get: out }, { put: tokens, item: 1 }, { get: out }] } }
`);
    expect(verdict.type).toBe('proved');
    return assumptions.flatMap(({ kind, text }) => (kind === 'left_out' ? [text] : []));
  };
  expect(leftOut(2)).toEqual(['the order of the results of `work`: one that is there waits for those of the tasks before it (`order: input`)']);
  expect(leftOut(1)).toEqual([]);
});

describe('the order of results', () => {
  const leftOut = (keys: string, more = ''): boolean =>
    judged(`
locks: { l: }
queues: { out: , in: { items: [1, 2] }, more: { items: [1] } }
values: { v: 0 }
${more}
pools: { work: { workers: 2, order: input, results: { queue: out }, ${keys} } }
processes: { sink: { steps: [{ each: out, do: [{ print: got }] }] }, other: { with: l, steps: [{ put: more, item: 1 }, { get: more }] } }
`).assumptions.some(({ text }) => text.startsWith('the order of the results of'));

  it.each([
    ['programs that declare nothing', 'tasks: [1, 2], command: x'],
    ['long-lived workers', 'tasks: [1, 2], worker: x'],
    ['what is held from its start to its end', 'tasks: [1, 2], command: x, with: [l]'],
    ['tasks from a queue', 'tasks: { queue: in }, command: x'],
    ['steps that wait for nothing', 'tasks: [1, 2], steps: [{ run: x }, { sleep: 1s }, { repeat: 2, do: [{ add: v }] }]'],
    ['further attempts that need nothing', 'tasks: [1, 2], command: x, retry: { attempts: 2 }'],
    ['slots of the run for commands', 'tasks: [1, 2], command: x', 'max_parallel: 2'],
  ])('is of no account with %s', (_, keys, more = '') => {
    expect(leftOut(keys, more)).toBe(false);
  });

  it.each([
    ['programs that may wait', 'tasks: [1, 2], command: x, uses: { more: get }'],
    ['programs that may take a lock', 'tasks: [1, 2], command: x, uses: { l: acquire }'],
    ['steps that take a lock', 'tasks: [1, 2], steps: [{ with: l, do: [{ run: x }] }]'],
    ['what is taken anew for further attempts', 'tasks: [1, 2], command: x, with: [l], retry: { attempts: 2 }'],
    ['slots of the run that are taken anew for further attempts', 'tasks: [1, 2], command: x, retry: { attempts: 2 }', 'max_parallel: 2'],
    ['slots of the run that steps wait for', 'tasks: [1, 2], steps: [{ run: x }]', 'max_parallel: 2'],
    ['what programs put into a queue', 'tasks: [1, 2], command: x, stderr: { queue: more }'],
  ])('is left out with %s', (_, keys, more = '') => {
    expect(leftOut(keys, more)).toBe(true);
  });
});

describe('results in a queue without a bound are as many as there are tasks', () => {
  const pair = (condition: string): string => `
  p: { depends_on: { sink: { condition: ${condition} } }, steps: [{ with: a, do: [{ wait: met }, { acquire: b }] }] }
  q: { depends_on: { sink: { condition: ${condition} } }, steps: [{ with: b, do: [{ wait: met }, { acquire: a }] }] }
`;
  const all = (tasks: number, takes: number, condition: string): string => `
on_failure: continue
locks: { a: , b: }
barriers: { met: { parties: 2 } }
queues: { out: }
pools: { w: { workers: 1, tasks: { range: [1, ${tasks}] }, steps: [{ sleep: 1ms }], results: { queue: out } } }
processes:
  sink: { steps: [{ repeat: ${takes}, do: [{ get: out }, { task_done: out }] }, { join: out }] }
${pair(condition)}`;

  it.each([4, 16, 17, 20])('where %i are taken none is left, so that nobody waits for it in vain', (tasks) => {
    const text = all(tasks, tasks, 'failure');
    expect(play(text).end.exitCode).toBe(0);
    expect(judged(text).verdict.type).toBe('proved');
  });

  it('and what is told behind that is sure', () => {
    const text = all(17, 17, 'success');
    expect(play(text).end.exitCode).toBe(5);
    const { verdict, assumptions } = judged(text);
    expect(verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'p' }, { name: 'q' }] });
    expect(assumptions.map(({ text: what }) => what)).not.toContain('`out` has no bound, and may have any number of items');
  });

  it('but where nobody knows how many there are, which is said', () => {
    const { verdict, assumptions } = judged(all(17, 17, 'failure').replace('{ range: [1, 17] }', '{ lines: files.txt }'));
    expect(verdict.type).toBe('counterexample');
    expect(assumptions.map(({ text: what }) => what)).toContain('`out` has no bound, and may have any number of items');
  });
});

describe('a task that no slot takes has a result, too', () => {
  const circle = 'locks: { a: , b: }\nbarriers: { met: { parties: 2 } }\non_failure: continue\nqueues: { out: { capacity: 1 } }';
  const processes = (more: string): string => `
processes:
  c: { steps: [{ get: out }, { get: out }, { with: a, do: [{ wait: met }, { with: b, do: [{ print: x }] }] }] }
  d: { steps: [{ with: b, do: [{ wait: met }, { with: a, do: [{ print: x }] }] }] }
  ${more}
`;

  it.each([
    ['where its pool is skipped', 'depends_on: [p], tasks: [1, 2], command: print x', 'p: { steps: [{ exit: 1 }] }'],
    ['where its pool does not start in time', 'wait_for: [{ name: e, timeout: 5ms }], tasks: [1, 2], command: print x', 'p: { steps: [{ sleep: 1s }, { set: e }] }'],
    ['where its pool is halted', 'halt: { after: 1 }, tasks: [1, 2], steps: [{ exit: 1 }]', ''],
  ])('%s', (_, keys, more) => {
    const text = `${circle}\nevents: { e: }\n${processes(more)}\npools: { w: { workers: 1, results: { queue: out }, ${keys} } }\n`;
    expect(play(text).end.exitCode).toBe(5);
    expect(judged(text).verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'c' }, { name: 'd' }] });
  });

  it('which the end of a skipped pool does not wait for', () => {
    const text = 'on_failure: continue\nqueues: { out: { capacity: 1 } }\nprocesses: { p: { steps: [{ exit: 1 }] }, c: { steps: [{ join: w }, { each: out, as: r, do: [{ print: got }] }] } }\npools: { w: { depends_on: [p], tasks: [1, 2, 3], results: { queue: out }, command: print x } }';
    expect(play(text).lines('c')).toEqual(['got', 'got', 'got']);
    expect(judged(text.replace('exit: 1', 'exit: 0')).verdict.type).toBe('counterexample');
    expect(judged(text).verdict.type).toBe('proved');
  });

  it('but for what is not written in the spec, which is not read then', () => {
    const text = `${circle}\n${processes('p: { steps: [{ exit: 1 }] }')}\npools: { w: { depends_on: [p], tasks: { range: [1, 3] }, results: { queue: out }, command: print x } }`;
    expect(play(text).end.exitCode).toBe(1);
    expect(judged(text).verdict.type).toBe('proved');
  });

  it.each([
    ['somebody ends it', 't: { steps: [{ terminate: w }] }'],
    ['others submit to it', 't: { steps: [{ submit: w, item: 1 }] }'],
  ])('which is left out where %s', (_, more) => {
    const text = `queues: { out: { capacity: 1 } }\nprocesses: { p: { command: x }, c: { steps: [{ each: out, as: r, do: [{ print: got }] }] }, ${more} }\npools: { w: { depends_on: [p], tasks: [1, 2, 3], results: { queue: out }, command: print x } }`;
    expect(judged(text).assumptions.flatMap(({ kind, text: what }) => (kind === 'left_out' ? [what] : []))).toContain('results of tasks of `w` that are cancelled');
  });
});
