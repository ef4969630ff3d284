import { describe, expect, it } from 'vitest';
import { codesOf, planText, poolOf, validPlan } from '../../rig/plan-of-text.ts';

describe('keys that need a long-lived worker', () => {
  it.each([
    ['chunk', 'command: x, tasks: [a], chunk: 2', ['MP609']],
    ['a chunk of one', 'command: x, tasks: [a], chunk: 1', []],
    ['initializer beside steps', 'steps: [{ run: x }], tasks: [a], initializer: y', ['MP609']],
    ['max_tasks_per_worker', 'command: x, tasks: [a], max_tasks_per_worker: 3', ['MP609']],
    ['all of them', 'command: x, tasks: [a], chunk: 2, initializer: y, max_tasks_per_worker: 3', ['MP609', 'MP609', 'MP609']],
    ['and with one', 'worker: x, tasks: [a], chunk: 2, initializer: y, max_tasks_per_worker: 3, args: [z]', []],
    ['two bodies', 'worker: x, command: y, tasks: [a]', ['MP107']],
    ['none per chunk', 'worker: x, tasks: [a], chunk: 0', ['MP103']],
  ])('%s', (_, keys, codes) => {
    expect(codesOf(`pools: { p: { ${keys} } }`)).toEqual(codes);
  });
});

describe('a chunk of several tasks', () => {
  const around = (keys: string, more = ''): string => `queues: { q: { items: [a, b] } }\nlocks: { l: }\n${more}pools: { p: { worker: x, ${keys} } }\nprocesses: { o: { steps: [{ with: l, do: [{ get: q, as: v }] }] } }`;

  it.each([
    ['of a list', 'tasks: [a, b], chunk: 2', ''],
    ['of one from a queue', 'tasks: { queue: q }, chunk: 1', ''],
    ['that are submitted', 'chunk: 2, uses: { p: submit }', ''],
  ])('is possible: %s', (_, keys, more) => {
    // Whether its tasks wait for others of the same pool is another question.
    expect(codesOf(around(keys, more)).filter((code) => code !== 'MP601')).toEqual([]);
  });

  it.each([
    ['from a queue', 'tasks: { queue: q }, chunk: 2', '', 'an item of `q` stays there'],
    ['that hold something', 'tasks: [a, b], chunk: 2, with: [l]', '', 'under `with`'],
    ['that take a slot', 'tasks: [a, b], chunk: 2', 'max_parallel: 3\n', 'of `max_parallel`'],
  ])('has no effect: %s', (_, keys, more, why) => {
    const { diagnostics } = planText(around(keys, more));
    expect(diagnostics).toMatchObject([{ code: 'MP612', severity: 'warning', message: expect.stringContaining(why) as unknown }]);
  });
});

describe('streams of a long-lived worker', () => {
  it.each([
    ['stdin', 'stdin: inherit', ['MP610']],
    ['stdin from a file', 'stdin: { file: x }', ['MP610']],
    ['no stdin', 'stdin: null', []],
    ['stdout into a file', 'stdout: { file: x }', ['MP610']],
    ['stdout of mpctl', 'stdout: inherit', ['MP610']],
    ['no stdout', 'stdout: null', []],
    ['the log', 'stdout: log', []],
    ['stderr into a file', 'stderr: { file: x }', []],
  ])('%s', (_, key, codes) => {
    expect(codesOf(`pools: { p: { worker: x, tasks: [a], ${key} } }`)).toEqual(codes);
  });
});

it('a worker is of no single task, and knows no item', () => {
  const { plan, diagnostics } = planText('pools: { p: { worker: [x, "${{ item }}"], environment: { A: "${{ env.MPCTL_ITEM }}" }, tasks: [a] } }');
  expect(plan).toBeNull();
  expect(diagnostics.map(({ severity }) => severity)).toEqual(['error', 'error']);
});

it('a worker, its arguments and what runs before it', () => {
  const plan = validPlan('pools: { p: { workers: 2, worker: [x, "${{ env.MPCTL_WORKER }}"], args: [y], initializer: z, max_tasks_per_worker: 9, tasks: [a] } }');
  expect(poolOf(plan, 'p').body).toMatchObject({
    type: 'worker',
    command: { type: 'argv', argv: ['x', expect.anything(), 'y'] },
    initializer: { type: 'shell', script: 'z' },
    chunk: 1,
    maxTasks: 9,
  });
});
