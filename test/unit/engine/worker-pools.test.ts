import { describe, expect, it } from 'vitest';
import { play, type Played } from '../../rig/virtual-play.ts';

/** Tasks as they were handed over, one list each time. */
function sent(played: Played): readonly (readonly unknown[])[] {
  return played.effects.flatMap((effect) => (effect.type === 'send_tasks' ? [effect.tasks.map(({ item }) => item)] : []));
}

/** How many workers were started. */
function spawned(played: Played): number {
  return played.effects.filter((effect) => effect.type === 'spawn' && effect.order.stdin.type === 'tasks').length;
}

function fates(played: Played): readonly string[] {
  return played.of('task.ended').toSorted((one, other) => one.task - other.task).map(({ fate }) => fate);
}

describe('how tasks are handed over', () => {
  it('as many wait behind another as take next to no time together', () => {
    const played = play('pools: { p: { workers: 1, worker: hoard, tasks: [1, 2, 0, 0, 0, 0, 0] } }');
    // The first alone, since nobody knows how long it takes; then those that take less than 5 ms at its pace.
    expect(sent(played).slice(0, 2)).toEqual([['1'], ['2', '0', '0', '0', '0']]);
    const many = play(`pools: { p: { workers: 1, worker: hoard, tasks: [${'0, '.repeat(90)}] } }`);
    expect(Math.max(...sent(many).map(({ length }) => length))).toBe(32);
  });

  it('none does once they take longer, and what waits behind one that does is given back', () => {
    const played = play('pools: { p: { workers: 1, worker: serve, tasks: [5, 0, 30, 0, die, 0, 0] } }');
    expect(sent(played)).toEqual([['5'], ['0'], ['30', '0', 'die', '0', '0'], ['0'], ['die', '0', '0'], ['0'], ['0']]);
    expect(played.of('task.ended').map(({ fate, attempts }) => `${fate} ${attempts}`)).toEqual([
      'succeeded 1', 'succeeded 1', 'succeeded 1', 'succeeded 1', 'lost 1', 'succeeded 1', 'succeeded 1',
    ]);
  });

  it('so that no task waits behind a slow one while another worker is free', () => {
    const played = play(`pools: { p: { workers: 2, worker: serve, tasks: [0, 0, 0, 0, 500, ${'0, '.repeat(40)}] } }`);
    const slow = played.of('task.ended').find(({ item }) => item === '500');
    expect(played.of('task.ended').at(-1)).toEqual(slow);
    expect(played.of('task.ended').at(-2)?.at).toBeLessThan(20);
  });

  it.each([
    ['items of a queue', 'tasks: { queue: work }', ''],
    ['tasks that hold something', 'tasks: [1, 1, 1, 1], with: [slots]', ''],
    ['tasks under `max_parallel`', 'tasks: [1, 1, 1, 1]', 'max_parallel: 9'],
  ])('nor do %s', (_, keys, top) => {
    const played = play(`
${top}
semaphores: { slots: 2 }
queues: { work: { items: [1, 1, 1, 1] } }
pools: { p: { workers: 1, worker: serve, ${keys} } }
processes: { other: { with: [slots], command: sleep 1, stdin: { queue: work } } }
`);
    expect(sent(played).every((tasks) => tasks.length === 1)).toBe(true);
    expect(played.ended('p')).toMatchObject({ state: 'succeeded' });
  });

  it('a chunk at a time, and no more than a worker may have', () => {
    expect(sent(play('pools: { p: { workers: 1, worker: hoard, chunk: 3, tasks: [9, 9, 9, 9, 9] } }'))).toEqual([['9', '9', '9'], ['9', '9']]);
    const limited = play('pools: { p: { workers: 1, worker: serve, chunk: 3, max_tasks_per_worker: 2, tasks: [0, 0, 0, 0, 0] } }');
    expect(sent(limited)).toEqual([['0', '0'], ['0', '0'], ['0']]);
    expect(spawned(limited)).toBe(3);
  });

  it('no worker is started for whom there is no task', () => {
    expect(spawned(play('pools: { p: { workers: 4, worker: serve, tasks: [1, 1] } }'))).toBe(2);
  });
});

describe('what becomes of tasks that wait in a worker', () => {
  it('they go back unharmed when it dies, without an attempt', () => {
    const played = play('pools: { p: { workers: 1, worker: serve, chunk: 4, tasks: [1, die, 1, 1] } }');
    expect(played.of('task.ended').map(({ task, fate, attempts }) => [task, fate, attempts])).toEqual([
      [0, 'succeeded', 1], [1, 'lost', 1], [2, 'succeeded', 1], [3, 'succeeded', 1],
    ]);
    expect(played.of('task.started').map(({ task }) => task)).toEqual([0, 1, 2, 3]);
  });

  it('its own has nothing of the end of that worker once another has answered it', () => {
    const played = play('pools: { p: { workers: 1, worker: serve, tasks: [shot], retry: { attempts: 2 } } }');
    expect(played.of('task.ended')).toMatchObject([{ fate: 'succeeded', attempts: 2, exitcode: 0, signal: null }]);
  });

  it('they go back unharmed when it is seen together with its last answer that it is gone', () => {
    const played = play('pools: { p: { workers: 1, worker: serve, chunk: 4, tasks: [1, last, 1, 1] } }');
    expect(played.of('task.ended').map(({ task, fate, attempts }) => [task, fate, attempts])).toEqual([
      [0, 'succeeded', 1], [1, 'succeeded', 1], [2, 'succeeded', 1], [3, 'succeeded', 1],
    ]);
  });

  it('a halt lets the worker finish them, and one that kills does not', () => {
    const keys = 'workers: 1, worker: hoard, chunk: 3, tasks: [error, 5, 5, 5], halt: { after: 1 }';
    expect(fates(play(`pools: { p: { ${keys} } }`))).toEqual(['failed', 'succeeded', 'succeeded', 'cancelled']);
    expect(fates(play(`pools: { p: { ${keys}, on_halt: kill } }`))).toEqual(['failed', 'cancelled', 'cancelled', 'cancelled']);
  });

  it('an answer after its time is late, and so is what follows it', () => {
    const played = play('pools: { p: { workers: 1, worker: ignore SIGTERM; hoard, chunk: 2, timeout: 50ms, tasks: [70, 1], stop: { grace_period: 200ms } } }');
    expect(played.of('task.ended').map(({ at, fate, value }) => [at, fate, value])).toEqual([[250, 'timed_out', null], [251, 'succeeded', 'did 1']]);
  });

  it('the time of each counts from the end of the one before', () => {
    const played = play('pools: { p: { workers: 1, worker: hoard, chunk: 4, timeout: 50ms, tasks: [40, 40, hang, 40] } }');
    expect(fates(played)).toEqual(['succeeded', 'succeeded', 'timed_out', 'succeeded']);
    expect(played.of('task.ended').find(({ task }) => task === 2)).toMatchObject({ at: 130, why: 'it took longer than 50ms' });
  });
});

it.each([1, 2, 3, 4, 5, 6, 7, 8])('what a task was granted just when the run is stopped is free for others, with seed %i', (seed) => {
  const played = play(`
max_parallel: 1
semaphores: { slots: 1 }
processes: { bad: { steps: [{ sleep: 1ms }, { exit: 1 }] }, first: { command: sleep 1 } }
pools: { p: { workers: 1, worker: serve, tasks: [1, 1], with: [slots] } }
finally: { bye: { command: sleep 1, with: [slots] } }
`, { seed });
  expect(played.ended('bye')).toMatchObject({ state: 'succeeded' });
});

it.each(Array.from({ length: 40 }, (_, seed) => seed))('a worker that ends while its next task waits for what it is to hold takes nothing of that with it, with seed %i', (seed) => {
  const played = play(
    `
semaphores: { slots: 2 }
pools: { p: { workers: 2, worker: serve 2, initializer: sleep 3, tasks: [1, 1, 1, 1, 1, 1], retry: { attempts: 3 }, with: [slots] } }
processes: { other: { with: [slots], command: sleep 4, replicas: 2 } }
`,
    { seed },
  );
  // A task that is on its way to a worker that ends is lost, and tried again.
  expect(fates(played)).toEqual(Array.from({ length: 6 }, () => 'succeeded'));
  expect(played.ended('p')).toMatchObject({ state: 'succeeded' });
});

describe('the end of a worker', () => {
  it('comes with the end of its input, then by its stop signal, then by SIGKILL', () => {
    const well = play('pools: { p: { workers: 1, worker: serve; sleep 30, tasks: [1] } }');
    expect(well.ended('p').at).toBe(31);
    expect(well.signals).toEqual([]);
    const deaf = play('pools: { p: { workers: 1, worker: ignore SIGINT; serve; forever, tasks: [1], stop: { signal: SIGINT, grace_period: 100ms } } }');
    expect(deaf.signalsTo('p-1')).toEqual(['SIGINT at 101', 'SIGKILL at 201']);
    expect(deaf.ended('p')).toMatchObject({ at: 201, state: 'succeeded' });
  });

  it('by itself after an answer loses the task that is on its way to it, and no other', () => {
    const played = play('pools: { p: { workers: 1, worker: serve 2, tasks: [20, 20, 20, 20, 20] } }');
    expect(fates(played)).toEqual(['succeeded', 'succeeded', 'lost', 'succeeded', 'succeeded']);
    expect(spawned(played)).toBe(2);
  });

  it.each([
    ['its initializer', 'initializer: "sleep 5; exit 3", worker: serve', 'the initializer of `p-1` failed: it exited with 3', 0],
    ['an initializer that cannot be started', 'initializer: fail 127, worker: serve', 'the initializer of `p-1` failed: it cannot be started', 0],
    ['a worker that cannot be started', 'worker: fail 127', '`p-1` cannot be started: it cannot be started', 1],
    ['five workers that answer nothing', 'worker: exit 1', '5 workers in a row have ended without an answer, at last `p-1`: its worker exited with 1', 5],
  ])('fails the pool: %s', (_, keys, why, count) => {
    const played = play(`pools: { p: { workers: 1, ${keys}, tasks: { range: [1, 50] } } }`);
    expect(played.ended('p')).toMatchObject({ state: 'failed' });
    expect(played.ended('p').why).toContain(why);
    expect(spawned(played)).toBe(count);
  });

  it.each([
    ['a list', '[1, 2, 3]', 3, '3 of 3 tasks were cancelled'],
    ['one task', '[1]', 1, '1 of 1 task was cancelled'],
    ['a range, most of which is never made', '{ range: [1, 1000] }', 1000, '1000 of 1000 tasks were cancelled'],
    ['a queue, which is read no further', '{ queue: q }', 1, '1 of 1 task was cancelled, and no more were read'],
  ])('before the first task cancels all of them: %s', (_, tasks, cancelled, told) => {
    const played = play(`queues: { q: { items: [1, 2, 3] } }\npools: { p: { workers: 1, worker: fail 127, tasks: ${tasks} } }`);
    expect(played.ended('p')).toMatchObject({ succeeded: 0, failed: 0, cancelled });
    expect(played.ended('p').why).toBe(`\`p-1\` cannot be started: it cannot be started; ${told}`);
  });

  it('is the first cause where somebody waits for a result', () => {
    const played = play(`
pools: { p: { workers: 1, worker: fail 127 } }
processes: { s: { steps: [{ submit: p, items: [a, b], as: r }, { result: r }] } }`);
    expect(played.end.why).toContain('`p-1` cannot be started');
    expect(played.ended('p')).toMatchObject({ state: 'failed', cancelled: 2, why: '`p-1` cannot be started: it cannot be started; 2 of 2 tasks were cancelled' });
  });

  it('after an answer counts for nothing: the pool goes on for ever so long', () => {
    const played = play(`pools: { p: { workers: 1, worker: serve, tasks: [${Array.from({ length: 9 }, () => '0, die').join(', ')}] } }`);
    expect(fates(played).filter((fate) => fate === 'lost')).toHaveLength(9);
    expect(played.ended('p').why).not.toContain('in a row');
  });
});

it('a worker that waits for its next task is not one that goes on: what waits for it is a deadlock', () => {
  const played = play(`
events: { go: }
queues: { work: { items: [1] } }
pools: { p: { workers: 1, worker: serve, tasks: { queue: work }, uses: { go: set } } }
processes: { a: { steps: [{ wait: go }, { put: work, item: 1 }] } }
`);
  expect(played.end.exitCode).toBe(5);
  expect(played.of('task.ended')).toMatchObject([{ fate: 'succeeded' }]);
});

it('answers are logged as one line each, unless results take them or nobody wants them', () => {
  const lines = (keys: string): readonly string[] => play(`pools: { p: { workers: 1, worker: serve, tasks: [1], ${keys} } }`).lines('p-1');
  expect(lines('order: input')).toEqual(['did 1']);
  expect(lines('results: { file: r.jsonl }')).toEqual([]);
  expect(lines('stdout: null')).toEqual([]);
});

describe('a worker that has closed its standard output', () => {
  it('is given the time to end by itself, and then its task is lost and the others go on', () => {
    const played = play('pools: { p: { workers: 1, worker: serve, tasks: [1, close, 1], stop: { grace_period: 1s } } }');
    expect(fates(played)).toEqual(['succeeded', 'lost', 'succeeded']);
    expect(played.of('task.ended')[1]?.why).toBe('its worker closed its standard output and did not end');
    expect(spawned(played)).toBe(2);
  });
});
