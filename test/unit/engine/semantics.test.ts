import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

describe('semantics 1: nothing is held while it waits to start', () => {
  it('takes its holds after depends_on, events and barriers, in this order', () => {
    const played = play(`
locks: { file: }
events: { go: }
barriers: { meet: { parties: 2 } }
processes:
  first: { command: sleep 50 }
  waiter: { command: sleep 1, depends_on: { first: { condition: success } }, wait_for: [meet, go], with: file }
  other: { command: sleep 30, with: file }
  setter: { steps: [{ sleep: 80ms }, { set: go }, { sleep: 20ms }, { wait: meet }] }
`);
    expect(played.starts('other')).toEqual([0]);
    expect(played.starts('waiter')).toEqual([100]);
    expect(played.end.exitCode).toBe(0);
  });

  it('arrives at its barriers only after its events have come', () => {
    const played = play(`
events: { go: }
barriers: { meet: { parties: 2 } }
processes:
  waiter: { command: sleep 1, wait_for: [meet, go] }
  early: { steps: [{ sleep: 10ms }, { wait: meet }, { print: met }] }
  setter: { steps: [{ sleep: 50ms }, { set: go }] }
`);
    expect(played.starts('waiter')).toEqual([50]);
    expect(played.output.map(({ atMs, text }) => [atMs, text])).toEqual([[50, 'met']]);
  });

  it.each([
    ['[one, two]', [[50, 'one'], [50, 'two']]],
    ['[two, one]', [[10, 'two'], [50, 'one']]],
  ])('arrives at one barrier after the other, as written: %s', (waitFor, met) => {
    const played = play(`
barriers: { one: { parties: 2 }, two: { parties: 2 } }
processes:
  waiter: { command: sleep 1, wait_for: ${waitFor} }
  late: { steps: [{ sleep: 50ms }, { wait: one }, { print: one }] }
  early: { steps: [{ sleep: 10ms }, { wait: two }, { print: two }] }
`);
    expect(played.starts('waiter')).toEqual([50]);
    expect(played.output.map(({ atMs, text }) => [atMs, text])).toEqual(met);
  });
});

describe('semantics 2: several holds are atomic, and free permits go in order of arrival', () => {
  it('neither takes a part nor lets a part lie idle', () => {
    const played = play(`
locks: { a: , b: }
processes:
  one: { command: sleep 100, with: a }
  both: { steps: [{ sleep: 10ms }, { with: [a, b], do: [{ sleep: 10ms }, { print: both }] }] }
  two: { steps: [{ sleep: 20ms }, { with: b, do: [{ print: two }] }] }
  three: { steps: [{ sleep: 30ms }, { with: a, do: [{ print: three }] }] }
`);
    expect(played.output.map(({ atMs, text }) => [atMs, text])).toEqual([[20, 'two'], [110, 'both'], [110, 'three']]);
  });

  it.each([
    ['goes past a larger demand at a semaphore', false, [[20, 'small'], [60, 'large']]],
    ['waits behind a larger demand at a fair semaphore', true, [[60, 'large'], [70, 'small']]],
  ])('a demand that could be met %s', (_, fair, taken) => {
    const played = play(`
semaphores: { slots: { permits: 3, fair: ${String(fair)} } }
processes:
  holder: { command: sleep 60, with: { name: slots, permits: 2 } }
  large: { steps: [{ sleep: 10ms }, { with: { name: slots, permits: 3 }, do: [{ print: large }, { sleep: 10ms }] }] }
  small: { steps: [{ sleep: 20ms }, { with: slots, do: [{ print: small }] }] }
`);
    expect(played.output.map(({ atMs, text }) => [atMs, text])).toEqual(taken);
  });
});

describe('semantics 3: end of stream and broken streams', () => {
  it('ends an each when nobody can still put', () => {
    const played = play(`
queues: { work: }
processes:
  producer: { steps: [{ put: work, items: [1, 2] }, { sleep: 20ms }, { put: work, item: 3 }, { sleep: 50ms }] }
  consumer: { steps: [{ each: work, as: item, do: [{ print: "got \${{ vars.item }}" }] }, { print: end }] }
`);
    expect(played.lines('consumer')).toEqual(['got 1', 'got 2', 'got 3', 'end']);
    expect(played.endedAt('consumer')).toBe(20);
  });

  it('fails a put when nobody can still get', () => {
    const played = play(`
queues: { work: { capacity: 1 } }
processes:
  producer: { steps: [{ put: work, items: [1, 2, 3, 4] }] }
  consumer: { restart: on_failure, steps: [{ get: work }, { sleep: 5ms }, { get: work }] }
`);
    expect(played.ended('producer')).toMatchObject({ state: 'failed', why: 'nobody can still get from `work`' });
    expect(played.end.exitCode).toBe(1);
  });

  it('ends a queue that only its own consumers could still fill', () => {
    const played = play(`
queues: { work: { items: [first] }, more: { items: [a, b] } }
pools:
  crawl:
    workers: 2
    tasks: { queue: work }
    steps: [{ repeat: 1, do: [{ get: more, as: next }, { put: work, item: "\${{ vars.next }}" }] }]
`);
    expect(played.ended('crawl')).toMatchObject({ state: 'succeeded', succeeded: 3 });
  });
});

describe('semantics 4: a wait that can no longer come true fails at once', () => {
  it.each([
    ['success', 'exit 1', false],
    ['failure', 'exit 0', false],
    ['start', 'fail 127', true],
  ])('skips what waits for `%s` of `%s`; whether that fails the run: %s', (condition, command, fails) => {
    const played = play(`
on_failure: continue
processes:
  first: { command: ${command}, allow_failure: true }
  second: { command: sleep 1, depends_on: { first: { condition: ${condition} } } }
`);
    expect(played.ended('second').state).toBe('skipped');
    expect(played.end.exitCode).toBe(fails ? 1 : 0);
  });

  it('skips what waits for an event that nobody can still set, which fails the run', () => {
    const played = play(`
events: { go: }
processes:
  setter: { steps: [{ repeat: [], do: [{ set: go }] }] }
  waiter: { command: sleep 1, wait_for: [go] }
`);
    expect(played.ended('waiter')).toMatchObject({ state: 'skipped', why: 'nobody who runs or starts by itself can still set `go`' });
    expect(played.end.exitCode).toBe(1);
  });

  it('spares the run where the event was an outcome that did not come', () => {
    const played = play(`
events: { broke: }
processes:
  job: { command: exit 0, sets: { failure: broke } }
  repair: { command: sleep 1, wait_for: [broke] }
`);
    expect(played.ended('repair').state).toBe('skipped');
    expect(played.end.exitCode).toBe(0);
  });

  it('fails what waits longer to start than its timeout', () => {
    const played = play(`
processes:
  slow: { command: sleep 500 }
  hasty: { command: sleep 1, depends_on: { slow: { condition: exit, timeout: 100ms } } }
`);
    expect(played.ended('hasty')).toMatchObject({ at: 100, state: 'failed', reason: 'timed_out' });
    expect(played.end.exitCode).toBe(1);
  });

  it.each(['failure', 'exit'])('stops what waits for its `%s` with the run, unless on_failure or allow_failure spares that', (moment) => {
    const afterFailure = (top: string, more = ''): unknown =>
      play(`${top}\nprocesses: { odd: { command: exit 2${more} }, after: { command: sleep 1, depends_on: { odd: { condition: ${moment} } } } }`).ended('after').state;
    expect(afterFailure('on_failure: stop')).toBe('skipped');
    expect(afterFailure('on_failure: continue')).toBe('succeeded');
    expect(afterFailure('on_failure: stop', ', allow_failure: true')).toBe('succeeded');
  });

  it('is a failure to its dependents even where allow_failure spares the run', () => {
    const played = play(`
processes:
  odd: { command: exit 2, allow_failure: true }
  after: { command: sleep 1, depends_on: { odd: { condition: failure } } }
`);
    expect(played.ended('after').state).toBe('succeeded');
    expect(played.end.exitCode).toBe(0);
  });
});

describe('semantics 5: an end releases everything in one step, and the next hears that the owner died', () => {
  it.each(['exit 3', 'die SIGKILL'])('after `%s`', (way) => {
    const played = play(`
on_failure: continue
locks: { a: , b: }
processes:
  first: { command: sleep 40; ${way}, with: [a, b] }
  second: { command: sleep 1, with: [a, b] }
`);
    expect(played.of('instance.granted').at(-1)).toMatchObject({ at: 40, instance: 'second', ownerDied: ['a', 'b'] });
  });

  it.each([
    ['a command that is done with its work', 'command: sleep 40, with: a', []],
    ['a command that ends as it may', 'command: sleep 40; exit 3, with: a, success_exit_codes: [3]', []],
    ['steps that release it', 'steps: [{ acquire: a }, { sleep: 40ms }, { release: a }]', []],
    ['steps that end within `with`', 'steps: [{ with: a, do: [{ sleep: 40ms }] }]', []],
    ['steps that end while they hold it', 'steps: [{ acquire: a }, { sleep: 40ms }]', ['a']],
    ['steps that `exit` while they hold it', 'steps: [{ acquire: a }, { sleep: 40ms }, { exit: 0 }]', ['a']],
    ['a command that is stopped', 'command: forever, with: a, timeout: 40ms', ['a']],
    ['a command whose lines are on their way to a queue', 'command: print x; sleep 40; die SIGKILL, with: a, stdout: { queue: q }', ['a']],
  ])('after %s', (_, first, ownerDied) => {
    const played = play(`
on_failure: continue
locks: { a: }
queues: { q: }
processes:
  reader: { steps: [{ each: q, as: line, do: [{ sleep: 1ms }] }] }
  first: { ${first} }
  second: { command: sleep 1, with: a, depends_on: { first: { condition: start } } }
`);
    expect(played.of('instance.granted').at(-1)).toMatchObject({ at: 40, instance: 'second', ownerDied });
  });

  it.each([
    ['sleep 40', []],
    ['sleep 40; die SIGKILL', ['a']],
  ])('after a task whose lines wait for who wants to have it: %s', (end, ownerDied) => {
    const played = play(`
on_failure: continue
locks: { a: }
queues: { q: { capacity: 1 } }
processes:
  reader: { steps: [{ sleep: 10ms }, { acquire: a }, { each: q, as: line, do: [{ sleep: 1ms }] }] }
pools:
  first: { command: print x; print y; ${end}, tasks: [1], with: a, stdout: { queue: q } }
`);
    expect(played.of('instance.granted')).toMatchObject([{ at: 40, instance: 'reader', ownerDied }]);
    expect(played.of('task.ended')).toMatchObject([{ fate: ownerDied.length === 0 ? 'succeeded' : 'signalled' }]);
  });
});

describe('semantics 6: a restart is a new attempt', () => {
  it('holds nothing between attempts, waits for nothing again, and looks at its end for good', () => {
    const played = play(`
locks: { file: }
events: { go: , over: }
processes:
  starter: { steps: [{ set: go }, { sleep: 5ms }, { clear: go }] }
  flaky: { command: "sleep 20; exit 1 | sleep 20; exit 0", with: file, wait_for: [go], restart: on_failure, backoff: { initial: 100ms }, sets: { exit: over } }
  other: { command: sleep 30, with: file }
  last: { command: sleep 1, wait_for: [over] }
`);
    expect(played.starts('flaky')).toHaveLength(2);
    expect(played.starts('other')[0]).toBeLessThan(played.starts('flaky')[1] ?? 0);
    expect(played.starts('last')).toEqual([played.endedAt('flaky')]);
    expect(played.end.exitCode).toBe(0);
  });

  it('ends for good when a step terminates it', () => {
    const played = play(`
processes:
  served: { command: forever, restart: always }
  ender: { steps: [{ sleep: 50ms }, { terminate: served }] }
`);
    expect(played.starts('served')).toEqual([0]);
    expect(played.ended('served')).toMatchObject({ state: 'stopped', exitcode: -15 });
    expect(played.end.exitCode).toBe(0);
  });

  it('gives up after its limit', () => {
    const played = play(`
processes:
  bad: { command: exit 7, restart: on_failure, max_restarts: 2, backoff: { initial: 10ms } }
`);
    expect(played.starts('bad')).toEqual([0, 10, 30]);
    expect(played.ended('bad')).toMatchObject({ state: 'failed', exitcode: 7, attempts: 3 });
  });
});

describe('semantics 7: a barrier that can no longer be filled is broken', () => {
  it.each([
    ['fewer tasks than slots', '[a, b]', 3, 3, ['failed', 'failed']],
    ['as many tasks as slots', '[a, b, c]', 3, 3, ['succeeded', 'succeeded', 'succeeded']],
    ['a last task that is alone', '[a, b, c]', 2, 2, ['succeeded', 'succeeded', 'failed']],
  ])('by a pool with %s, since a slot without a task comes nowhere', (_, tasks, workers, parties, fates) => {
    const played = play(`
barriers: { meet: { parties: ${String(parties)} } }
queues: { work: { items: ${tasks} } }
pools: { crew: { workers: ${String(workers)}, tasks: { queue: work }, steps: [{ wait: meet }] } }
`);
    expect(played.of('task.ended').toSorted((one, other) => one.task - other.task).map(({ fate }) => fate)).toEqual(fates);
  });

  it.each(['[0, 1, 1]', '[1, 1, 0]'])('by a pool whose other tasks have ended, wherever the last one is among them: %s', (tasks) => {
    const played = play(`
barriers: { meet: { parties: 2 } }
queues: { work: { items: ${tasks} } }
pools: { crew: { workers: 3, tasks: { queue: work }, steps: [{ run: exit $MPCTL_ITEM }, { wait: meet }] } }
`);
    expect(played.of('task.ended').map(({ fate }) => fate)).toEqual(['failed', 'failed', 'failed']);
    expect(played.end.exitCode).toBe(1);
  });

  it('fails all who wait', () => {
    const played = play(`
on_failure: continue
barriers: { meet: { parties: 3 } }
processes:
  a: { steps: [{ wait: meet }] }
  b: { command: sleep 1, wait_for: [meet] }
  c: { steps: [{ sleep: 30ms }, { run: exit 1 }, { wait: meet }] }
`);
    expect(played.ended('a')).toMatchObject({ at: 30, state: 'failed', reason: 'step_failed' });
    expect(played.ended('b')).toMatchObject({ at: 30, state: 'skipped' });
  });
});

describe('semantics 8: a pool starts its tasks in order and is a semaphore of its size', () => {
  it('never runs more than its workers', () => {
    const played = play(`
pools:
  p: { workers: 2, command: "sleep $MPCTL_ITEM", tasks: [30, 10, 10, 10] }
`);
    expect(played.of('task.started').map(({ at, task, worker }) => [at, task, worker])).toEqual([
      [0, 0, 1],
      [0, 1, 2],
      [10, 2, 2],
      [20, 3, 2],
    ]);
    expect(played.ended('p')).toMatchObject({ at: 30, state: 'succeeded' });
  });
});

describe('semantics 9: set wakes everyone who waits at that moment', () => {
  it('even if clear follows at once', () => {
    const played = play(`
events: { go: }
processes:
  a: { command: sleep 1, wait_for: [go] }
  b: { steps: [{ wait: go }] }
  late: { steps: [{ sleep: 60ms }, { wait: go, timeout: 10ms, on_timeout: continue, as: came }, { print: "\${{ vars.came }}" }] }
  setter: { steps: [{ sleep: 50ms }, { set: go }, { clear: go }, { sleep: 50ms }] }
`);
    expect(played.starts('a')).toEqual([50]);
    expect(played.endedAt('b')).toBe(50);
    expect(played.lines('late')).toEqual(['false']);
  });
});

describe('semantics 10: a true cycle is a deadlock, found at run time', () => {
  const embrace = `
locks: { a: , b: }
processes:
  left: { steps: [{ acquire: a }, { sleep: 10ms }, { acquire: b }] }
  right: { steps: [{ acquire: b }, { sleep: 10ms }, { acquire: a }] }
`;

  it('ends the run with 5 and says who waits for whom', () => {
    const played = play(embrace);
    const [found] = played.of('run.deadlock');
    expect(found?.cycle.map(({ instance, waits }) => [instance, waits.name, waits.by])).toEqual([
      ['left', 'b', ['right']],
      ['right', 'a', ['left']],
    ]);
    expect(played.end.exitCode).toBe(5);
  });

  it('finds it while something else still runs', () => {
    const played = play(`${embrace}  busy: { command: forever }\n`);
    expect(played.of('run.deadlock')).toHaveLength(1);
    expect(played.end.exitCode).toBe(5);
    expect(played.endedMs).toBeLessThan(1000);
  });

  it('does not take daemons that wait for one', () => {
    const played = play(`
queues: { work: }
daemons:
  consumer: { steps: [{ each: work, as: item, do: [{ print: item }] }] }
processes:
  producer: { command: sleep 500, uses: { work: put } }
`);
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.end.exitCode).toBe(0);
  });
});
