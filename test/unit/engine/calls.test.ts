import { describe, expect, it } from 'vitest';
import { parseCall } from '../../../src/protocol/parse-call.ts';
import { answers, ask } from '../../rig/virtual-ask.ts';

const two = (uses = ''): string => `
locks: { l: , r: { reentrant: true } }
semaphores: { s: 1 }
events: { e: }
queues: { q: { capacity: 2 }, jobs: { items: [1, 2], on_consumer_death: redeliver } }
values: { n: 5 }
processes:
  a: { command: sleep 1000 ${uses} }
  b: { command: sleep 1000, uses: { q: get } }
`;

describe('a priority', () => {
  it('is refused where it would count for nothing', () => {
    const played = ask(
      'queues: { q: , p: { order: priority } }\nprocesses: { a: { command: sleep 100, uses: { q: put, p: put } } }\ndaemons: { b: { command: sleep 1000, uses: { q: get, p: get } } }',
      [10, 'a', 'queue.put', { name: 'q', item: 1, priority: 2 }],
      [20, 'a', 'queue.put', { name: 'q', items: [1], priority: -1 }],
      [30, 'a', 'queue.put', { name: 'q', item: 1, priority: 0 }],
      [40, 'a', 'queue.put', { name: 'p', item: 1, priority: 2 }],
    );
    expect(answers(played)).toEqual(['1 at 10: refused', '2 at 20: refused', '3 at 30: {"put":1}', '4 at 40: {"put":1}']);
  });
});

describe('locks and semaphores', () => {
  it('are held by the instance of the caller, and pass on to the next who waits', () => {
    const played = ask(
      two(),
      [10, 'a 1/1', 'lock.acquire', { holds: 'l' }],
      [20, 'b 2/1', 'lock.acquire', { holds: 'l' }],
      [30, 'a 9/9', 'lock.release', { holds: 'l' }],
    );
    expect(answers(played)).toEqual([
      '1 at 10: {"tokens":{"l":1},"owner_died":[]}',
      '3 at 30: null',
      '2 at 30: {"tokens":{"l":2},"owner_died":[]}',
    ]);
  });

  it('are released with the connection of their holder, and the next hears that its owner died', () => {
    const played = ask(
      two(),
      [10, 'a 1/1', 'lock.acquire', { holds: ['l', 's'] }],
      [10, 'a 1/2', 'lock.acquire', { holds: 'r' }],
      [20, 'b 2/1', 'lock.acquire', { holds: 'l' }],
      [30, 'a 1/1', 'gone'],
      [40, 'b 2/1', 'lock.acquire', { holds: 'r', timeout_ms: 0 }],
    );
    expect(answers(played).slice(2)).toEqual([
      '3 at 30: {"tokens":{"l":2},"owner_died":["l"]}',
      '5 at 40: would_block',
    ]);
  });

  it('are not waited for any more by what is being stopped', () => {
    const played = ask(
      `
locks: { l: , m: }
processes:
  a: { command: sleep 1000 }
  b: { command: ignore SIGTERM; forever }
finally: { f: { command: sleep 1000 } }
`,
      [10, 'a', 'lock.acquire', { holds: 'l' }],
      [20, 'b', 'lock.acquire', { holds: 'l' }],
      [30, '@operator', 'process.terminate', { name: 'b' }],
      [40, 'b', 'lock.acquire', { holds: 'l', timeout_ms: 1000 }],
      [50, 'b', 'lock.acquire', { holds: 'm' }],
    );
    expect(answers(played)).toEqual([
      '1 at 10: {"tokens":{"l":1},"owner_died":[]}',
      '3 at 30: null',
      '2 at 30: cancelled',
      '4 at 40: cancelled',
      '5 at 50: {"tokens":{"m":1},"owner_died":[]}',
    ]);
  });

  it('are released when the instance ends', () => {
    const played = ask(
      'locks: { l: }\nprocesses: { a: { command: sleep 50; exit 0 }, b: { command: sleep 1000 } }',
      [10, 'a', 'lock.acquire', { holds: 'l' }],
      [20, 'b', 'lock.acquire', { holds: 'l' }],
    );
    expect(answers(played)[1]).toBe('2 at 50: {"tokens":{"l":2},"owner_died":["l"]}');
  });

  it('of a thread that waits for itself are refused, of another thread they are waited for', () => {
    const played = ask(
      two(),
      [10, 'a 1/1', 'lock.acquire', { holds: 'l' }],
      [20, 'a 1/1', 'lock.acquire', { holds: 'l' }],
      [30, 'a 1/2', 'lock.acquire', { holds: 'l', timeout_ms: 70 }],
      [40, 'a 1/1', 'lock.acquire', { holds: 'r' }],
      [50, 'a 1/1', 'lock.acquire', { holds: 'r' }],
      [60, 'a 1/2', 'lock.release', { holds: 'r' }],
    );
    expect(answers(played).slice(1)).toEqual([
      '2 at 20: deadlock',
      '4 at 40: {"tokens":{"r":1},"owner_died":[]}',
      '5 at 50: {"tokens":{"r":1},"owner_died":[]}',
      '6 at 60: not_owner',
      '3 at 100: timed_out',
    ]);
  });
});

it('what a command has taken by calls is released at its end, though its lines wait for who wants to have it', () => {
  const played = ask(
    `
locks: { a: }
queues: { q: { capacity: 1 } }
processes:
  first: { command: print x; print y; sleep 40, stdout: { queue: q } }
  reader: { steps: [{ sleep: 10ms }, { acquire: a }, { each: q, as: line, do: [{ sleep: 1ms }] }] }
`,
    [5, 'first 1/1', 'lock.acquire', { holds: 'a' }],
  );
  expect(played.of('instance.granted')).toMatchObject([{ at: 40, instance: 'reader', ownerDied: ['a'] }]);
  expect(played.end.exitCode).toBe(0);
});

describe('a call', () => {
  it('that its client calls off ends as cancelled, and what it waited for goes to others', () => {
    const played = ask(
      two(),
      [10, 'a', 'semaphore.acquire', { holds: 's' }],
      [20, 'b', 'semaphore.acquire', { holds: 's' }],
      [30, 'b', 'cancel', { id: 2 }],
      [40, 'a', 'semaphore.release', { holds: 's' }],
      [50, 'a', 'semaphore.acquire', { holds: 's', timeout_ms: 0 }],
    );
    expect(answers(played).slice(1)).toEqual(['2 at 30: cancelled', '4 at 40: null', '5 at 50: {"tokens":{"s":2},"owner_died":[]}']);
  });

  it('of an instance that has ended, or is none, is refused', () => {
    const played = ask(
      'locks: { l: }\nprocesses: { a: { command: sleep 10 }, b: { command: sleep 100 } }',
      [50, 'a', 'lock.acquire', { holds: 'l' }],
      [60, 'stranger', 'lock.acquire', { holds: 'l' }],
    );
    expect(answers(played)).toEqual(['1 at 50: ended', '2 at 60: ended']);
  });

  it('for what the spec does not have is refused by kind and name', () => {
    const played = ask(two(), [10, 'a', 'lock.acquire', { holds: 'e' }], [20, 'a', 'event.wait', { name: 'l' }], [30, 'a', 'pool.join', { name: 'p' }]);
    expect(played.answers.map(({ answer }) => (answer.ok ? '' : answer.error.message))).toEqual([
      '`e` is an event, and no lock',
      '`l` is a lock, and no event',
      'the spec has no pool `p`',
    ]);
  });
});

describe('queues', () => {
  it('take several items at once, wait for room with one deadline, and tell how many were put', () => {
    const played = ask(
      two(', uses: { q: put }'),
      [10, 'a', 'queue.put', { name: 'q', items: ['x', 'y', 'z'], timeout_ms: 50 }],
      [70, 'a', 'queue.put', { name: 'q', item: 'w', timeout_ms: 0 }],
      [80, 'b', 'queue.get', { name: 'q', max: 5 }],
      [90, 'b', 'queue.get', { name: 'q', timeout_ms: 0 }],
    );
    expect(answers(played)).toEqual(['1 at 60: {"put":2}', '2 at 70: full', '3 at 80: {"items":["x","y"]}', '4 at 90: empty']);
  });

  it('are at their end when those who put have closed them or ended', () => {
    const played = ask(
      two(', uses: { q: put }'),
      [10, 'a', 'queue.put', { name: 'q', item: 1 }],
      [20, 'a', 'queue.close', { name: 'q' }],
      [30, 'a', 'queue.put', { name: 'q', item: 2 }],
      [40, 'b', 'queue.get', { name: 'q' }],
      [50, 'b', 'queue.get', { name: 'q' }],
    );
    expect(answers(played)).toEqual(['1 at 10: {"put":1}', '2 at 20: null', '3 at 30: closed', '4 at 40: {"items":[1]}', '5 at 50: end_of_stream']);
  });

  it('give an unfinished item of a consumer that died to the next', () => {
    const played = ask(
      `
queues: { jobs: { items: [1], on_consumer_death: redeliver } }
processes:
  a: { command: sleep 20; exit 0, uses: { jobs: [get, task_done] } }
  b: { command: sleep 1000, uses: { jobs: [get, task_done] } }
`,
      [10, 'a', 'queue.get', { name: 'jobs' }],
      [15, 'b', 'queue.get', { name: 'jobs' }],
      [30, 'b', 'queue.task_done', { name: 'jobs' }],
      [40, 'b', 'queue.get', { name: 'jobs' }],
    );
    expect(answers(played)).toEqual(['1 at 10: {"items":[1]}', '2 at 20: {"items":[1]}', '3 at 30: null', '4 at 40: end_of_stream']);
  });
});

describe('processes and pools', () => {
  const spec = `
processes:
  boss: { command: sleep 1000, uses: { helper: start, p: submit } }
  helper: { command: sleep 30; exit 3, autostart: false, allow_failure: true }
pools:
  p: { workers: 1, command: 'sleep 20; print $MPCTL_ITEM' }
`;

  it('are started, joined and listed', () => {
    const played = ask(
      spec,
      [10, 'boss', 'process.start', { name: 'helper' }],
      [20, 'boss', 'process.start', { name: 'helper' }],
      [25, 'boss', 'process.join', { name: 'helper' }],
      [25, 'boss', 'process.join', { name: 'helper', timeout_ms: 5 }],
    );
    expect(answers(played)).toEqual(['1 at 10: null', '2 at 20: refused', '4 at 30: timed_out', '3 at 40: {"exitcodes":{"helper":3}}']);
  });

  it('give the fate and the value of what was submitted', () => {
    const played = ask(
      spec,
      [10, 'boss', 'pool.submit', { name: 'p', items: ['x', 'y'] }],
      [20, 'boss', 'pool.result', { name: 'p', task: 1 }],
      [60, 'boss', 'pool.result', { name: 'p', task: 0 }],
      [70, 'boss', 'pool.result', { name: 'p', task: 7 }],
      [80, 'boss', 'pool.close', { name: 'p' }],
      [90, 'boss', 'pool.join', { name: 'p' }],
      [95, 'boss', 'pool.submit', { name: 'p', item: 'z' }],
    );
    expect(answers(played)).toEqual([
      '1 at 10: {"tasks":[0,1]}',
      '2 at 50: {"fate":"succeeded","value":"y","why":"it exited with 0"}',
      '3 at 60: {"fate":"succeeded","value":"x","why":"it exited with 0"}',
      '4 at 70: not_found',
      '5 at 80: null',
      '6 at 90: null',
      '7 at 95: closed',
    ]);
  });

  it('end the run with a code', () => {
    const played = ask(spec, [10, 'boss', 'run.shutdown', { code: 7 }]);
    expect(answers(played)).toEqual(['1 at 10: null']);
    expect(played.end.exitCode).toBe(7);
  });
});

describe('an operator', () => {
  it('may look, start and stop, and nothing that only the spec can say', () => {
    const played = ask(two(', uses: { q: put }'), [10, '@operator', 'event.set', { name: 'e' }], [20, '@operator', 'process.terminate', { name: 'a' }]);
    expect(answers(played)).toEqual(['1 at 10: not_declared', '2 at 20: null']);
    expect(played.ended('a')).toMatchObject({ state: 'stopped', at: 20 });
  });

  it('restarts what runs, once, without a backoff, and starts what has ended', () => {
    const spec = `
processes:
  a: { command: sleep 1000, backoff: { initial: 100ms } }
  b: { command: sleep 20; exit 0 }
`;
    const played = ask(
      spec,
      [10, '@operator', 'process.restart', { name: 'a' }],
      [30, '@operator', 'process.restart', { name: 'b' }],
      [100, '@operator', 'run.shutdown', {}],
    );
    expect(played.starts('a')).toEqual([0, 10]);
    expect(played.starts('b')).toEqual([0, 30]);
    expect(played.signalsTo('a')[0]).toBe('SIGTERM at 10');
  });

  it('waits for a moment, and hears at once that it can no longer come', () => {
    const spec = 'processes: { a: { command: sleep 20; exit 1, allow_failure: true }, b: { command: sleep 50 } }';
    const played = ask(
      spec,
      [10, '@operator', 'process.await', { name: 'a', moment: 'failure' }],
      [10, '@operator', 'process.await', { name: 'a', moment: 'success' }],
      [10, '@operator', 'process.await', { name: 'b', moment: 'exit', timeout_ms: 15 }],
      [10, '@operator', 'process.await', { name: 'b', moment: 'exit', timeout_ms: 0 }],
    );
    expect(answers(played)).toEqual(['4 at 10: would_block', '1 at 20: true', '2 at 20: impossible', '3 at 25: timed_out']);
    const told = played.answers.flatMap(({ answer }) => (answer.ok ? [] : [answer.error.message]));
    expect(told).toEqual(['`b` has not come to `exit` yet', '`a` has not come to `success`, and no longer can', '`b` has not come to `exit` within 15ms']);
  });

  it('signals running commands, and is told where there is none', () => {
    const played = ask(
      'processes: { a: { command: ignore SIGHUP; sleep 1000 }, late: { command: sleep 10, autostart: false } }',
      [10, '@operator', 'process.signal', { name: 'a', signal: 'SIGHUP' }],
      [20, '@operator', 'process.signal', { name: 'late', signal: 'SIGHUP' }],
      [30, '@operator', 'run.shutdown', {}],
    );
    expect(answers(played).slice(0, 2)).toEqual(['1 at 10: null', '2 at 20: refused']);
    expect(played.signalsTo('a')[0]).toBe('SIGHUP at 10');
  });

  it('sees the run: who runs, who waits for what, and who has it', () => {
    const played = ask(
      'locks: { l: }\nprocesses: { a: { command: sleep 100, with: [l] }, b: { command: sleep 10, with: [l] }, c: { command: sleep 100 } }',
      [10, 'c', 'lock.acquire', { holds: 'l' }],
      [20, '@operator', 'run.look', {}],
    );
    const [seen] = played.answers;
    expect(seen?.answer).toMatchObject({
      ok: true,
      value: {
        phase: 'main',
        processes: [
          { name: 'a', state: 'running', waits: [] },
          { name: 'b', state: 'waiting', waits: [{ kind: 'hold', name: 'l', detail: 'lock', by: ['a'] }] },
          { name: 'c', state: 'running', waits: [{ kind: 'hold', name: 'l', detail: 'lock', by: ['a'] }] },
        ],
      },
    });
  });

  it('sees how many tasks a pool has in all, though it begins them one by one', () => {
    const played = ask('pools: { p: { workers: 1, tasks: [a, b, c], command: sleep 100 } }', [10, '@operator', 'run.look', {}]);
    expect(played.answers[0]?.answer).toMatchObject({ ok: true, value: { pools: [{ name: 'p', tasks: 3, running: 1 }] } });
  });

  it('refuses an exit code that the system would cut', () => {
    const played = ask('processes: { boss: { command: sleep 100 } }', [10, 'boss', 'run.shutdown', { code: 255 }]);
    expect(answers(played)).toEqual(['1 at 10: null']);
    const refused = parseCall('run.shutdown', { code: 256 });
    expect(refused.ok ? null : refused.error.message).toContain('a whole number from 0 to 255');
  });

  it('sees what programs wait for through the door, and who could give it', () => {
    const played = ask(
      `
locks: { l: }
events: { e: }
barriers: { start: { parties: 2 } }
queues: { q: { capacity: 1, items: [x] } }
pipes: { link: { from: b, to: a } }
pools: { hash: { workers: 2, tasks: [1], command: sleep 100 } }
processes:
  a: { command: sleep 100, uses: { q: [put, task_done, get], e: set } }
  b: { command: sleep 100, uses: { q: put, start: wait } }
  c: { command: sleep 100, uses: { start: wait } }
`,
      [10, 'a 1/1', 'event.wait', { name: 'e' }],
      [10, 'a 1/2', 'pipe.recv', { name: 'link' }],
      [10, 'a 1/3', 'queue.join', { name: 'q' }],
      [10, 'b 1/1', 'queue.put', { name: 'q', item: 'y' }],
      [10, 'b 1/2', 'barrier.wait', { name: 'start' }],
      [10, 'b 1/3', 'process.join', { name: 'a' }],
      [10, 'c 1/1', 'process.await', { name: 'a', moment: 'success' }],
      [10, 'hash-2', 'event.wait', { name: 'e' }],
      [20, '@operator', 'run.look', {}],
    );
    expect(played.answers.find(({ call }) => call === 9)?.answer).toMatchObject({
      ok: true,
      value: {
        processes: [
          {
            name: 'a',
            waits: [
              { kind: 'event', name: 'e', detail: null, by: ['a'] },
              { kind: 'pipe', name: 'link', detail: 'recv', by: ['b'] },
              { kind: 'queue', name: 'q', detail: 'join', by: ['a'] },
            ],
          },
          {
            name: 'b',
            waits: [
              { kind: 'queue', name: 'q', detail: 'put', by: ['a'] },
              { kind: 'barrier', name: 'start', detail: null, by: ['c'] },
              { kind: 'join', name: 'a', detail: null, by: [] },
            ],
          },
          { name: 'c', waits: [{ kind: 'dependency', name: 'a', detail: 'success', by: [] }] },
        ],
        pools: [{ name: 'hash', waits: [{ kind: 'event', name: 'e', detail: null, by: ['a'] }] }],
      },
    });
  });
});
