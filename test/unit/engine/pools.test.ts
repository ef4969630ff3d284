import { describe, expect, it } from 'vitest';
import { play, type Played } from '../../rig/virtual-play.ts';

/** The fates of a pool's tasks, in the order of its tasks. */
function fates(played: Played): readonly string[] {
  return played
    .of('task.ended')
    .toSorted((one, other) => one.task - other.task)
    .map(({ fate }) => fate);
}

/** The items of a pool's tasks, in the order in which they were started. */
function started(played: Played): readonly unknown[] {
  const items = new Map(played.of('task.ended').map(({ task, item }) => [task, item]));
  return played.of('task.started').map(({ task }) => items.get(task));
}

describe('where tasks come from', () => {
  it.each([
    ['a list', 'tasks: [b, 3.10, { k: 1 }]', ['b', '3.10', { k: '1' }], {}],
    ['a matrix', 'tasks: { matrix: { py: [3.10, 3.11], os: [a, b], exclude: [{ py: 3.10, os: b }] } }', [{ py: '3.10', os: 'a' }, { py: '3.11', os: 'a' }, { py: '3.11', os: 'b' }], {}],
    ['a range with both ends', 'tasks: { range: [1, 3] }', [1, 2, 3], {}],
    ['a range with a step', 'tasks: { range: [0, 7, 3] }', [0, 3, 6], {}],
    ['a range that falls', 'tasks: { range: [3, 1, -1] }', [3, 2, 1], {}],
    ['a queue', 'tasks: { queue: q }', ['x', 'y'], {}],
    ['lines of a file', 'tasks: { lines: urls.txt }', ['one', 'two'], { p: ['one', 'two'] }],
    ['a glob', 'tasks: { glob: "*.ts" }', ['a.ts', 'b.ts'], { p: ['a.ts', 'b.ts'] }],
    ['standard input', 'tasks: { stdin: lines }', Array.from({ length: 200 }, (_, index) => index), { p: Array.from({ length: 200 }, (_, index) => index) }],
  ])('%s', (_, tasks, items, sources) => {
    const played = play(`
queues: { q: { items: [x, y] } }
pools: { p: { workers: 1, command: sleep 1, ${tasks} } }
`, { sources });
    expect(started(played)).toEqual(items);
    expect(played.ended('p')).toMatchObject({ state: 'succeeded', succeeded: items.length });
  });

  it('gives a task its item, index, attempt, slot and the keys of the matrix', () => {
    const played = play(`
pools:
  p: { workers: 2, command: "print $MPCTL_ITEM $MPCTL_TASK $MPCTL_ATTEMPT $MPCTL_WORKER", tasks: [a, { k: [1] }] }
  m: { workers: 1, command: "print $MATRIX_PY", tasks: { matrix: { py: [3.10] } } }
`);
    expect(played.lines('p-1')).toEqual(['a 0 1 1']);
    expect(played.lines('p-2')).toEqual(['{"k":["1"]} 1 1 2']);
    expect(played.lines('m-1')).toEqual(['3.10']);
  });

  it('a source that cannot be read fails the pool', () => {
    const played = play('pools: { p: { workers: 1, command: sleep 1, tasks: { lines: none.txt } } }', { sources: { p: 'no such file' } });
    expect(played.ended('p').state).toBe('failed');
    expect(played.ended('p').why).toBe('its tasks cannot be read: no such file (pools.p.tasks.lines) [MP611]');
    expect(played.end.exitCode).toBe(1);
  });

  it('submit alone: the pool ends when nobody can still submit', () => {
    const played = play(`
pools: { p: { workers: 1, command: sleep 10 } }
processes: { a: { steps: [{ sleep: 50ms }, { submit: p, item: 1 }, { sleep: 100ms }, { submit: p, item: 2 }, { close: p }, { sleep: 500ms }] } }
`);
    expect(played.ended('p')).toMatchObject({ at: 160, state: 'succeeded', succeeded: 2 });
  });

  it('without a task it warns and succeeds', () => {
    const played = play('queues: { q: }\npools: { p: { workers: 1, command: sleep 1, tasks: { queue: q } } }\nprocesses: { a: { steps: [{ sleep: 10ms }], uses: { q: put } } }');
    expect(played.of('warning')).toMatchObject([{ code: 'MP840' }]);
    expect(played.ended('p')).toMatchObject({ at: 10, state: 'succeeded' });
    expect(played.end.exitCode).toBe(0);
  });

  it('a skipped pool cancels everything submitted to it', () => {
    const played = play(`
on_failure: continue
pools: { p: { workers: 1, command: sleep 1, depends_on: [bad], results: { file: r.jsonl } } }
processes:
  bad: { command: sleep 100; exit 1 }
  a: { steps: [{ submit: p, items: [x, y], as: r }, { result: r }] }
`);
    expect(played.ended('p')).toMatchObject({ state: 'skipped', cancelled: 2 });
    expect(fates(played)).toEqual(['cancelled', 'cancelled']);
    expect(played.records.map(({ item, fate }) => [item, fate])).toEqual([['x', 'cancelled'], ['y', 'cancelled']]);
    expect(played.ended('a')).toMatchObject({ at: 100, state: 'failed', reason: 'step_failed' });
  });
});

describe('a crawler that feeds its own queue', () => {
  const crawler = (steps: string): string => `
queues: { pages: { items: [[[[], []], [[]]]] } }
pools: { crawl: { workers: 2, tasks: { queue: pages }, steps: [${steps}] } }
`;

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('loses no page and ends, with seed %i', (seed) => {
    const played = play(crawler('{ run: sleep 3 }, { put: pages, items: "${{ item }}" }, { run: sleep 2 }'), { seed });
    expect(played.ended('crawl')).toMatchObject({ state: 'succeeded', succeeded: 6, failed: 0 });
    expect(played.of('warning')).toEqual([]);
    expect(played.end.exitCode).toBe(0);
  });

  it.each([1, 2, 3])('that fails a page gets the others, with seed %i', (seed) => {
    const played = play(crawler('{ put: pages, items: "${{ item }}" }, { run: exit 1 }'), { seed });
    expect(played.ended('crawl')).toMatchObject({ state: 'failed', succeeded: 0, failed: 6 });
  });
});

describe('retries', () => {
  it('come after the backoff, and the task takes a slot anew', () => {
    const played = play(`
pools: { p: { workers: 1, command: "sleep 1; exit 1 | sleep 1; exit 1 | sleep 5", tasks: [a, b], retry: { attempts: 3, backoff: { initial: 100ms, factor: 3, jitter: 0 } } } }
`);
    expect(played.of('task.retrying')[0]).toMatchObject({ task: 0, item: 'a', attempt: 2, delayMs: 100, why: 'it exited with 1' });
    expect(played.of('task.retrying').map(({ task, attempt, delayMs }) => [task, attempt, delayMs])).toEqual([
      [0, 2, 100],
      [1, 2, 100],
      [0, 3, 300],
      [1, 3, 300],
    ]);
    expect(played.of('task.started').map(({ at, task, attempt }) => [at, task, attempt])).toEqual([
      [0, 0, 1], [1, 1, 1], [101, 0, 2], [102, 1, 2], [402, 0, 3], [407, 1, 3],
    ]);
    expect(played.of('task.ended').map(({ attempts }) => attempts)).toEqual([3, 3]);
  });

  it.each([
    ['exit 3', '', 'failed', 2],
    ['exit 3', ', on: [signalled]', 'failed', 1],
    ['die SIGKILL', ', on: [signalled]', 'signalled', 2],
    ['forever', ', on: [timed_out]', 'timed_out', 2],
    ['forever', ', on: [failed]', 'timed_out', 1],
    ['fail 127', ', on: [failed]', 'failed', 2],
  ])('of `%s` with `attempts: 2%s`: the fate is %s after %i', (command, on, fate, attempts) => {
    const played = play(`pools: { p: { workers: 1, command: ${command}, tasks: [a], timeout: 50ms, retry: { attempts: 2${on} } } }`);
    expect(played.of('task.ended')).toMatchObject([{ fate, attempts }]);
    expect(played.end.exitCode).toBe(1);
  });

  it('whose backoffs are over at the same time start in order', () => {
    const played = play(`
pools: { p: { workers: 3, command: "exit 1 | sleep 10", tasks: [a, b, c, d], retry: { attempts: 2, on: [failed], backoff: { initial: 100ms, jitter: 0 } } } }
`);
    expect(played.of('task.started').map(({ task, attempt }) => `${task}/${attempt}`)).toEqual([
      '0/1', '1/1', '2/1', '3/1', '0/2', '1/2', '2/2', '3/2',
    ]);
  });

  it('a stopped pool makes no further attempt', () => {
    const played = play(`
pools: { p: { workers: 1, command: exit 1, tasks: [a], retry: { attempts: 9, backoff: { initial: 1s } } } }
processes: { t: { steps: [{ sleep: 50ms }, { terminate: p }] } }
`);
    expect(played.of('task.ended')).toMatchObject([{ at: 50, fate: 'cancelled', attempts: 1 }]);
    expect(played.ended('p').state).toBe('stopped');
  });
});

describe('halt', () => {
  const pool = (halt: string, tasks: string): string =>
    `pools: { p: { workers: 2, command: "sleep 10; exit $MPCTL_ITEM", tasks: [${tasks}], halt: { after: ${halt} } } }`;

  it.each([
    ['1', '0, 1, 0, 0', ['succeeded', 'failed', 'succeeded', 'cancelled']],
    ['2', '1, 0, 1, 0, 0', ['failed', 'succeeded', 'failed', 'succeeded', 'cancelled']],
    ['3', '1, 0, 1, 0', ['failed', 'succeeded', 'failed', 'succeeded']],
  ])('after %s of [%s]', (after, tasks, expected) => {
    const played = play(pool(after, tasks));
    expect(fates(played)).toEqual(expected);
    expect(played.ended('p').state).toBe('failed');
  });

  it('after a share of the tasks', () => {
    const twenty = `tasks: { range: [1, 20] }, command: "sleep 10; exit 1"`;
    const played = play(`pools: { p: { workers: 1, ${twenty}, halt: { after: "10%" } } }`);
    expect(played.ended('p')).toMatchObject({ state: 'failed', failed: 2, cancelled: 18 });
  });

  it.each([
    ['finish_running', 'succeeded', [], 100],
    ['kill', 'cancelled', ['SIGKILL at 10'], 10],
  ])('%s: what runs has %s', (onHalt, fate, signals, endMs) => {
    const played = play(`
pools: { p: { workers: 2, tasks: ["sleep 10; exit 1", sleep 100, sleep 1], on_halt: ${onHalt}, halt: { after: 1 }, command: ["\${{ item }}"] } }
`);
    expect(fates(played)).toEqual(['failed', fate, 'cancelled']);
    expect(played.signalsTo('p-2')).toEqual(signals);
    expect(played.ended('p').at).toBe(endMs);
  });
});

describe('results and the job log', () => {
  const pool = (more: string): string =>
    `pools: { p: { workers: 2, command: "sleep $MPCTL_ITEM; print out $MPCTL_ITEM", tasks: [30, 10, 20], ${more} } }`;

  it.each([
    ['input', [0, 1, 2]],
    ['completion', [1, 0, 2]],
  ])('come in the order of %s', (order, tasks) => {
    const played = play(pool(`results: { file: r.jsonl }, order: ${order}`));
    expect(played.records.map(({ task }) => task)).toEqual(tasks);
    expect(played.of('task.ended').map(({ task }) => task)).toEqual([1, 0, 2]);
  });

  it('have a record of each task', () => {
    const played = play(pool('results: { file: r.jsonl }, joblog: jobs.tsv'));
    expect(played.records[1]).toMatchObject({
      task: 1, item: '10', command: 'sleep 10; print out 10', fate: 'succeeded', value: 'out 10', exitcode: 0, signal: null, attempts: 1, worker: 2, startedMs: 0, durationMs: 10,
    });
    const files = played.effects.flatMap((effect) => (effect.type === 'record_task' ? [[effect.resultsFile, effect.joblog]] : []));
    expect(files).toEqual(Array.from({ length: 3 }, () => ['r.jsonl', 'jobs.tsv']));
  });

  it('of a task that was tried again have all of its time, and in the job log that of the last attempt', () => {
    const played = play(`
pools: { p: { workers: 1, tasks: [a], joblog: j, results: { file: r }, retry: { attempts: 2, backoff: { initial: 100ms, jitter: 0 } },
  command: "sleep 30; print first; exit 1 | sleep 10; print ü" } }
`);
    expect(played.records).toMatchObject([{ attempts: 2, startedMs: 0, durationMs: 140, lastAttempt: { startedMs: 130, durationMs: 10, stdoutBytes: 3 } }]);
  });

  it('count what steps print, each with its newline', () => {
    const played = play('pools: { p: { workers: 1, tasks: [a], joblog: j, steps: [{ print: ü }, { run: print two }] } }');
    expect(played.records[0]?.lastAttempt.stdoutBytes).toBe(7);
  });

  it('go to a queue, which ends after the last', () => {
    const played = play(`
queues: { q: }
${pool('results: { queue: q }')}
processes: { c: { steps: [{ each: q, as: r, do: [{ print: "\${{ vars.r.task }} \${{ vars.r.fate }} \${{ vars.r.value }}" }] }, { print: end }] } }
`);
    expect(played.lines('c')).toEqual(['0 succeeded out 30', '1 succeeded out 10', '2 succeeded out 20', 'end']);
    expect(played.of('warning')).toEqual([]);
  });

  it('that nobody takes any more are counted in a warning', () => {
    const played = play(`
queues: { q: { capacity: 1 } }
${pool('results: { queue: q }')}
processes: { c: { steps: [{ get: q }] } }
`);
    expect(played.of('warning').map(({ code }) => code)).toContain('MP841');
    expect(played.ended('p').state).toBe('succeeded');
  });

  it('the value of steps is what they print', () => {
    const played = play('pools: { p: { workers: 1, tasks: [a], steps: [{ print: one }, { run: print two }, { run: print no, as: v }], results: { file: r.jsonl } } }');
    expect(played.records).toMatchObject([{ value: 'one\ntwo', fate: 'succeeded', exitcode: 0 }]);
  });
});

describe('what a task takes', () => {
  it('is its slot of max_parallel and its holds in one atomic step', () => {
    const played = play(`
max_parallel: 1
locks: { l: }
pools: { p: { workers: 2, command: sleep 10, with: l } }
processes:
  holder: { steps: [{ with: l, do: [{ sleep: 50ms }] }] }
  other: { steps: [{ sleep: 5ms }, { submit: p, item: x }, { run: sleep 20 }, { print: ran }] }
`);
    expect(played.output.filter(({ text }) => text === 'ran')).toMatchObject([{ atMs: 25 }]);
    expect(played.of('task.started')).toMatchObject([{ at: 50 }]);
  });

  it('is given back by whatever ends it', () => {
    const played = play(`
locks: { l: }
pools: { p: { workers: 3, command: ["\${{ item }}"], tasks: [exit 1, die SIGKILL, forever, sleep 1], with: l, timeout: 20ms } }
`);
    expect(fates(played)).toEqual(['failed', 'signalled', 'timed_out', 'succeeded']);
    expect(played.of('task.started').map(({ at }) => at)).toEqual([0, 0, 0, 20]);
  });
});

describe('what a pool waits for', () => {
  it('is said while its next task waits for what it is to hold', () => {
    const played = play(`
locks: { l: }
processes: { a: { command: sleep 50, with: l } }
pools: { p: { workers: 2, tasks: [1], with: l, command: sleep 10 } }
`);
    expect(played.of('pool.waiting')).toMatchObject([
      { at: 0, pool: 'p', for: [{ kind: 'hold', name: 'l', detail: 'lock', by: ['a'] }] },
      { at: 50, pool: 'p', for: [] },
    ]);
  });

  it('is a slot of max_parallel where commands are limited', () => {
    const played = play(`
max_parallel: 1
processes: { a: { command: sleep 50 } }
pools: { p: { workers: 1, tasks: [1], command: sleep 10 } }
`);
    expect(played.of('pool.waiting')[0]).toMatchObject({ at: 0, for: [{ kind: 'hold', name: 'max_parallel', detail: null, by: ['a'] }] });
  });
});

describe('what cannot be completed', () => {
  const unset = '"${{ env.SEED }}"';
  // Only a task has an item, and with it what is made of one.
  const seed = 'environment: { SEED: "${{ item }}" }';

  it('fails the one task that names it, without an attempt', () => {
    const played = play(`
on_failure: continue
processes: { a: { command: sleep 1 } }
pools: { p: { workers: 1, ${seed}, tasks: [a, ${unset}, b], command: "print $MPCTL_ITEM", retry: { attempts: 3 } } }
`);
    expect(fates(played)).toEqual(['succeeded', 'failed', 'succeeded']);
    expect(played.of('task.ended').find(({ task }) => task === 1)).toMatchObject({
      attempts: 0,
      why: 'it has no item: `${{ env.SEED }}` is not set here [MP847]',
    });
    expect(played.ended('p')).toMatchObject({ state: 'failed', why: '1 of 3 tasks failed (task 1: it has no item: `${{ env.SEED }}` is not set here [MP847])' });
  });

  it.each([
    ['the file of its results', `results: { file: ${unset} }`, 'the file of its `results`: '],
    ['its joblog', `joblog: ${unset}`, 'its `joblog`: '],
  ])('fails the pool before its first task: %s', (_, key, why) => {
    const played = play(`
on_failure: continue
processes: { a: { command: sleep 1 } }
pools: { p: { workers: 1, ${seed}, tasks: [a, b], command: sleep 1, ${key} } }
`);
    expect(played.of('task.started')).toEqual([]);
    expect(fates(played)).toEqual(['cancelled', 'cancelled']);
    expect(played.ended('p')).toMatchObject({ state: 'failed', reason: 'failed_to_start' });
    expect(played.ended('p').why).toContain(why);
    expect(played.end.exitCode).toBe(1);
  });
});

describe('a halted pool', () => {
  it('names what failed, and says that more was not read', () => {
    const played = play(
      'pools: { p: { workers: 1, tasks: { lines: urls.txt }, command: "sleep 1; exit $MPCTL_ITEM", halt: { after: 1 } } }',
      { sources: { p: ['0', '3', ...Array.from({ length: 200 }, () => '0')] } },
    );
    expect(played.ended('p').why).toBe('halted after 1 failure; 1 of 64 tasks failed (`3`: it exited with 3), and no more were read');
  });

  it('of a list has cancelled the rest, and names three of many', () => {
    const played = play('pools: { p: { workers: 1, tasks: [a, b, c, d, e], command: exit 1, halt: { after: 4 } } }');
    expect(played.ended('p').why).toBe('halted after 4 failures; 4 of 5 tasks failed (`a`, `b`, `c`: it exited with 1; and 1 more)');
  });

  it('says of each that is named why it failed', () => {
    const played = play('pools: { p: { workers: 1, tasks: [3, 4, 0], command: exit $MPCTL_ITEM } }');
    expect(played.ended('p').why).toBe('2 of 3 tasks failed (`3`: it exited with 3; `4`: it exited with 4)');
  });

  it.each([
    ['of a list a share is one of all its tasks', 'tasks: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]', {}, 1],
    ['of an open source a share begins at the third failure', 'tasks: { queue: q }', {}, 3],
    ['of an open source a share is one of the tasks that have ended', 'tasks: { stdin: lines }', { sources: { p: [...Array.from({ length: 40 }, () => 0), ...Array.from({ length: 100 }, () => 1)] } }, 5],
  ])('%s', (_, tasks, options, failed) => {
    const played = play(
      `
queues: { q: }
processes: { feed: { steps: [{ put: q, items: [1, 0, 1, 0, 1, 0, 1] }], uses: { q: get } } }
pools: { p: { workers: 1, ${tasks}, command: "sleep 1; exit $MPCTL_ITEM", halt: { after: 10% } } }
`,
      options,
    );
    expect(played.ended('p').why).toMatch(new RegExp(`^halted after ${failed} `, 'u'));
  });
});

describe('the command of a record', () => {
  it.each([
    ['a list, with quotes where a shell needs them', '[print, "${{ item }}", "it\'s $HOME"]', '', "print 'a b' 'it'\\''s $HOME'"],
    ['a script with its item', 'print "$MPCTL_ITEM" "is ${MPCTL_ITEM}" x$MPCTL_TASK $HOME', '', "print 'a b' \"is a b\" x0 $HOME"],
    ['a script that takes its item apart', 'print $MPCTL_ITEM', '', "export MPCTL_ITEM='a b'; print $MPCTL_ITEM"],
    ['a script with its arguments', 'print "$1"', 'args: ["${{ item }}", -v], ', 'set -- \'a b\' -v; print "$1"'],
  ])('is what was written: %s', (_, command, args, written) => {
    const text = command.startsWith('[') ? command : JSON.stringify(command);
    const played = play(`pools: { p: { workers: 1, tasks: ["a b"], joblog: jobs.tsv, ${args}command: ${text} } }`);
    expect(played.records[0]?.command).toBe(written);
  });

  it('is for steps a comment of one line with the pool and the item', () => {
    const played = play(String.raw`pools: { p: { workers: 1, tasks: [a.txt, "b\n; rm -rf x", { k: 1 }], joblog: j, steps: [{ print: x }] } }`);
    expect(played.records.map(({ command }) => command)).toEqual(['# p a.txt', String.raw`# p "b\n; rm -rf x"`, '# p {"k":"1"}']);
  });

  it('has the keys of its matrix', () => {
    const played = play('pools: { p: { workers: 1, tasks: { matrix: { py: [3.10] } }, joblog: jobs.tsv, command: print $MATRIX_PY } }');
    expect(played.records[0]?.command).toBe('print 3.10');
  });
});

it('the time of a task counts from the start of its command', () => {
  const played = play('pools: { p: { workers: 1, tasks: [a], joblog: jobs.tsv, command: sleep 100 } }', { seed: 1 });
  const [ordered] = played.of('task.started');
  const [record] = played.records;
  expect(record?.startedMs).toBeGreaterThan(ordered?.at ?? Infinity);
});
