import { describe, expect, it } from 'vitest';
import { answers, ask } from '../../rig/virtual-ask.ts';
import { play } from '../../rig/virtual-play.ts';

const jobs = 'queues: { jobs: { items: [a, b], on_consumer_death: redeliver } }';

describe('what the program of a task gets of a queue', () => {
  it('stays in hand until its task_done, where `uses` has it', () => {
    const played = ask(
      `${jobs}\npools: { p: { workers: 1, tasks: [x], command: sleep 100, uses: { jobs: [get, task_done] } } }`,
      [10, 'p-1', 'queue.get', { name: 'jobs' }],
      [20, 'p-1', 'queue.task_done', { name: 'jobs' }],
      [30, 'p-1', 'queue.task_done', { name: 'jobs' }],
    );
    expect(answers(played)).toEqual(['1 at 10: {"items":["a"]}', '2 at 20: null', '3 at 30: refused']);
  });

  it('goes back when the task ends without it', () => {
    const played = ask(
      `${jobs}\npools: { p: { workers: 1, tasks: [x, y], command: sleep 100; exit 1, allow_failure: true, uses: { jobs: [get, task_done] } } }`,
      [10, 'p-1', 'queue.get', { name: 'jobs' }],
      [110, 'p-1', 'queue.get', { name: 'jobs' }],
    );
    expect(answers(played)).toEqual(['1 at 10: {"items":["a"]}', '2 at 110: {"items":["a"]}']);
  });

  it('is done at once where `uses` has no task_done', () => {
    const played = ask(
      `${jobs}\npools: { p: { workers: 1, tasks: [x, y], command: sleep 100; exit 1, allow_failure: true, uses: { jobs: get } } }`,
      [10, 'p-1', 'queue.get', { name: 'jobs' }],
      [110, 'p-1', 'queue.get', { name: 'jobs' }],
    );
    expect(answers(played)).toEqual(['1 at 10: {"items":["a"]}', '2 at 110: {"items":["b"]}']);
  });
});

it('what the steps of a task get stays in hand until their task_done', () => {
  const played = play(`${jobs}\npools: { p: { workers: 1, tasks: [x, y], steps: [{ get: jobs, as: job }, { print: "\${{ vars.job }}" }, { task_done: jobs }] } }`);
  expect(played.end).toMatchObject({ outcome: 'success' });
  expect(played.lines('p-1')).toEqual(['a', 'b']);
});

it('what the program of a task has taken is released when the task ends', () => {
  const spec = `
locks: { l: }
semaphores: { s: 1 }
pools: { p: { workers: 1, tasks: [x, y], command: sleep 100; exit 1, allow_failure: true } }
processes: { other: { command: sleep 1000 } }
`;
  const played = ask(
    spec,
    [10, 'p-1', 'lock.acquire', { holds: ['l', 's'] }],
    [20, 'other', 'lock.acquire', { holds: ['l', 's'] }],
  );
  expect(answers(played)).toEqual(['1 at 10: {"tokens":{"l":1,"s":1},"owner_died":[]}', '2 at 100: {"tokens":{"l":2,"s":2},"owner_died":["l","s"]}']);
});

it('what the program of a task waits for is called off when the task ends', () => {
  const played = ask(
    'events: { e: }\npools: { p: { workers: 1, tasks: [x, y], command: sleep 100; exit 1, allow_failure: true } }\nprocesses: { other: { command: sleep 1000, uses: { e: set } } }',
    [10, 'p-1', 'event.wait', { name: 'e' }],
  );
  expect(answers(played)).toEqual(['1 at 100: cancelled']);
});

it('a task has nothing to be ready for, and is answered all the same', () => {
  const played = ask('pools: { p: { workers: 1, tasks: [x], command: sleep 100 } }', [10, 'p-1', 'run.ready']);
  expect(answers(played)).toEqual(['1 at 10: null']);
});

it('what a task has closed, the next one in its slot has not', () => {
  const played = ask(
    'queues: { q: }\npools: { p: { workers: 1, tasks: [x, y], command: sleep 100, uses: { q: put } } }\nprocesses: { c: { command: sleep 1000, uses: { q: get } } }',
    [10, 'p-1', 'queue.close', { name: 'q' }],
    [20, 'p-1', 'queue.put', { name: 'q', item: 1 }],
    [110, 'p-1', 'queue.put', { name: 'q', item: 2 }],
  );
  expect(answers(played)).toEqual(['1 at 10: null', '2 at 20: closed', '3 at 110: {"put":1}']);
});
