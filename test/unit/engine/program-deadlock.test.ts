import { describe, expect, it } from 'vitest';
import type { SeenProgram } from '../../../src/engine/seen-program.ts';
import { play, type Played } from '../../rig/virtual-play.ts';
import { calls, inLoops, seenOf, wait, withThread, type Asked, type Others } from '../../rig/waiting-programs.ts';

/** Whom each of the deadlock waits for, and for what. */
function circle(played: Played): readonly string[] {
  return (played.of('run.deadlock')[0]?.cycle ?? []).map(({ instance, waits }) => `${instance}: ${waits.kind} ${waits.name} of ${waits.by.join()}`);
}

const two = (more = ''): string => `
locks: { l: , m: }
processes:
  a: { command: sleep 5000 }
  b: { command: sleep 5000 }
${more}`;

/** `a` holds `l` and waits for `m`, `b` the other way round. */
const crossed: readonly Asked[] = [
  [10, 'a 1/1', 'lock.acquire', { holds: 'l' }],
  [10, 'b 2/1', 'lock.acquire', { holds: 'm' }],
  [20, 'a 1/1', 'lock.acquire', { holds: 'm' }],
  [30, 'b 2/1', 'lock.acquire', { holds: 'l' }],
];

describe('a deadlock of programs', () => {
  it('of two locks ends the run with 5, soon and as a circle', () => {
    const played = wait(two(), crossed);
    expect(circle(played)).toEqual(['a: hold m of b', 'b: hold l of a']);
    expect(played.of('run.deadlock')[0]?.circle).toBe(true);
    expect(played.end.exitCode).toBe(5);
    expect(played.of('run.deadlock')[0]?.at).toBeLessThan(300);
  });

  it('is found in whatever order the engine hears of everything', () => {
    for (let seed = 1; seed <= 20; seed += 1) expect(wait(two(), crossed, {}, { seed }).end.exitCode).toBe(5);
  });

  it.each<readonly [string, string, readonly Asked[], readonly string[]]>([
    [
      'and of steps',
      `
locks: { l: , m: }
processes:
  a: { steps: [{ acquire: l }, { sleep: 10ms }, { acquire: m }] }
  b: { command: sleep 5000 }
`,
      [[5, 'b 1/1', 'lock.acquire', { holds: 'm' }], [15, 'b 1/1', 'lock.acquire', { holds: 'l' }]],
      ['a: hold m of b', 'b: hold l of a'],
    ],
    [
      'that wait for an event and for its setter to end',
      `
events: { go: }
processes:
  a: { command: sleep 5000 }
  b: { command: sleep 5000, uses: { go: set } }
`,
      [[10, 'a 1/1', 'event.wait', { name: 'go' }], [10, 'b 2/1', 'process.join', { name: 'a' }]],
      ['a: event go of b', 'b: join a of a'],
    ],
    [
      'each of which waits for an item of the other',
      `
queues: { q: , r: }
processes:
  a: { command: sleep 5000, uses: { q: get, r: put } }
  b: { command: sleep 5000, uses: { r: get, q: put } }
`,
      [[10, 'a 1/1', 'queue.get', { name: 'q' }], [10, 'b 2/1', 'queue.get', { name: 'r' }]],
      ['a: queue q of b', 'b: queue r of a'],
    ],
    [
      'one of which is at a barrier, and the other behind the lock of the first',
      `
locks: { l: }
barriers: { met: { parties: 2 } }
processes:
  a: { command: sleep 5000, uses: { met: wait } }
  b: { command: sleep 5000, uses: { met: wait } }
`,
      [
        [10, 'a 1/1', 'lock.acquire', { holds: 'l' }],
        [20, 'a 1/1', 'barrier.wait', { name: 'met' }],
        [20, 'b 2/1', 'lock.acquire', { holds: 'l' }],
      ],
      ['a: barrier met of b', 'b: hold l of a'],
    ],
    [
      'one of which is to be notified by the other, which waits for a message of the first',
      `
locks: { l: }
conditions: { changed: { lock: l } }
pipes: { link: { between: [a, b] } }
processes:
  a: { command: sleep 5000 }
  b: { command: sleep 5000, uses: { changed: notify } }
`,
      [
        [10, 'a 1/1', 'lock.acquire', { holds: 'l' }],
        [20, 'a 1/1', 'condition.wait', { name: 'changed' }],
        [20, 'b 2/1', 'pipe.recv', { name: 'link' }],
      ],
      ['a: condition changed of b', 'b: pipe link of a'],
    ],
    [
      'one of which waits for the result of a task that waits for its lock',
      `
locks: { l: }
pools: { p: { workers: 1, command: sleep 5000 } }
processes: { a: { command: sleep 5000, uses: { p: submit } } }
`,
      [
        [10, 'a 1/1', 'lock.acquire', { holds: 'l' }],
        [20, 'a 1/1', 'pool.submit', { name: 'p', item: 1 }],
        [30, 'a 1/1', 'pool.result', { name: 'p', task: 0 }],
        [40, 'p-1 2/1', 'lock.acquire', { holds: 'l' }],
      ],
      ['a: result p of p', 'p: hold l of a'],
    ],
    [
      'each of which waits until the other has sent something',
      `
pipes: { link: { between: [a, b] } }
processes:
  a: { command: sleep 5000 }
  b: { command: sleep 5000 }
`,
      [[10, 'a 1/1', 'pipe.poll', { name: 'link' }], [10, 'b 2/1', 'pipe.poll', { name: 'link' }]],
      ['a: pipe link of b', 'b: pipe link of a'],
    ],
    [
      'one of which is a step of a process',
      `
locks: { l: , m: }
processes:
  a: { steps: [{ acquire: l }, { run: sleep 5000 }] }
  b: { command: sleep 5000 }
`,
      [
        [10, 'b 2/1', 'lock.acquire', { holds: 'm' }],
        [20, 'a 1/1', 'lock.acquire', { holds: 'm' }],
        [20, 'b 2/1', 'lock.acquire', { holds: 'l' }],
      ],
      ['a: hold m of b', 'b: hold l of a'],
    ],
  ])('%s ends the run with 5', (_, spec, asked, expected) => {
    const played = wait(spec, asked);
    expect(circle(played)).toEqual(expected);
    expect(played.end.exitCode).toBe(5);
  });

  it('is found while others go on', () => {
    const played = wait(two('  busy: { command: sleep 5000 }'), crossed);
    expect(played.end.exitCode).toBe(5);
    expect(played.endedMs).toBeLessThan(1000);
  });

  it('of the threads of one program is one as well', () => {
    const played = wait(two(), [
      [10, 'a 1/1', 'lock.acquire', { holds: 'l' }],
      [10, 'a 1/2', 'lock.acquire', { holds: 'm' }],
      [20, 'a 1/1', 'lock.acquire', { holds: 'm' }],
      [20, 'a 1/2', 'lock.acquire', { holds: 'l' }],
    ]);
    expect(circle(played)).toEqual(['a: hold m of a']);
    expect(played.end.exitCode).toBe(5);
  });

  it.each<readonly [string, Others]>([
    ['the threads that join those that wait', { 1: ['own', 'own'] }],
    ['a shell that waits for its child', { 7: ['own'] }],
    ['what the system does not tell, where the program has one thread', { 1: null }],
  ])('counts %s as waiting', (_, others) => {
    expect(wait(two(), crossed, { a: others }).end.exitCode).toBe(5);
  });

  it('counts a process as waiting that says that it is nothing else, whatever its threads', () => {
    const asked = crossed.map(([atMs, who, ...call]): Asked => [atMs, who.replace('a 1/1', 'a 1/all'), ...call]);
    expect(wait(two(), asked, { a: { 1: ['other', 'other'] } }).end.exitCode).toBe(5);
  });

  it('counts event loops as waiting that hear nothing but the run, however many calls they wait in', () => {
    const asked: readonly Asked[] = [...crossed, [40, 'a 1/2', 'lock.acquire', { holds: 'm' }], [40, 'a 1/3', 'lock.acquire', { holds: 'm' }]];
    const played = play(two(), { calls: calls(asked), looks: (_, standing) => inLoops(seenOf(standing, {})) });
    expect(played.end.exitCode).toBe(5);
    expect(played.of('run.deadlock')[0]?.at).toBeLessThan(300);
  });

  it('is told once the event loops have said that they hear nothing else', () => {
    const played = play(two(), { calls: calls(crossed), looks: (_, standing, atMs) => inLoops(seenOf(standing, {}), atMs >= 2000) });
    expect(played.of('run.deadlock')[0]?.at).toBeGreaterThan(2000);
    // Having said so is what had woken them: they are looked at again soon.
    expect(played.of('run.deadlock')[0]?.at).toBeLessThan(3000);
  });

  it('is told once what computes has begun to wait, though the engine hears nothing of it', () => {
    const played = play(two(), {
      calls: calls(crossed),
      looks: (instance, standing, atMs) => seenOf(standing, instance === 'a' && atMs < 3000 ? { 7: ['other'] } : {}),
    });
    expect(played.of('run.deadlock')[0]?.at).toBeGreaterThan(3000);
    expect(played.of('run.deadlock')[0]?.at).toBeLessThan(4500);
  });

  it('of daemons is left to the end of the run', () => {
    const played = wait(`${two().replace('processes', 'daemons')}processes: { work: { command: sleep 500 } }`, crossed);
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.end.exitCode).toBe(0);
  });
});

describe('no deadlock of programs', () => {
  it.each<readonly [string, Others]>([
    ['where a thread computes', { 1: ['other'] }],
    ['where another process of it computes', { 7: ['other'] }],
    ['where another thread reads from a socket', { 1: ['answer'] }],
    ['where the system does not tell of another process', { 7: null }],
  ])('%s', (_, others) => {
    const played = wait(two(), crossed, { a: others });
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.endedMs).toBe(5000);
  });

  it('where a program runs from one look to the next', () => {
    let looks = 0;
    const played = play(two(), {
      calls: calls(crossed),
      looks: (instance, standing) => seenOf(standing, {}, instance === 'a' ? String(looks++) : ''),
    });
    expect(played.of('run.deadlock')).toEqual([]);
    // Looked at less and less often: nothing tells when that will be over.
    expect(looks).toBeGreaterThan(3);
    expect(looks).toBeLessThan(12);
  });

  it.each<readonly [string, (seen: SeenProgram) => SeenProgram]>([
    ['where a call is of a process that is not seen', (seen) => ({ ...seen, processes: [{ pid: 9, mark: '', threads: ['own'] }] })],
    ['where something else of it has a connection', (seen) => ({ ...seen, clients: [...seen.clients, 99] })],
    ['where a thread hears from a socket that is none of the run', (seen) => withThread(seen, 'answer')],
    ['where a call does not say who waits in it', (seen) => ({ ...seen, waiters: [] })],
    ['where an event loop has not said what it hears', (seen) => inLoops(seen, false)],
    ['where an event loop hears one socket more than it has connections', (seen) => withThread(inLoops(seen), 'answer')],
    ['where an event loop has a connection that it does not hear', (seen) => ({ ...inLoops(seen), clients: [...seen.clients, ...seen.clients] })],
    ['where a thread beside an event loop computes', (seen) => withThread(inLoops(seen), 'other')],
    ['where the system does not tell what an event loop hears', (seen) => ({ ...inLoops(seen), processes: seen.processes.map((process) => ({ ...process, threads: null })) })],
    [
      'where the program has more threads than wait, and the system tells of none',
      (seen) => ({
        ...seen,
        processes: seen.processes.map((process) => ({ ...process, threads: null })),
        waiters: seen.waiters.map((waiter) => ({ ...waiter, threads: 2 })),
      }),
    ],
  ])('%s', (_, change) => {
    const played = play(two(), { calls: calls(crossed), looks: (_instance, standing) => change(seenOf(standing, {})) });
    expect(played.of('run.deadlock')).toEqual([]);
  });

  it('but not where that thread is one that only hears of loans', () => {
    const played = play(two(), {
      calls: calls(crossed),
      looks: (_instance, standing) => {
        const seen = withThread(seenOf(standing, {}), 'answer');
        return { ...seen, listeners: seen.clients };
      },
    });
    expect(played.of('run.deadlock')).toHaveLength(1);
  });

  it.each<readonly [string, readonly Asked[]]>([
    ['where one of the waits has a limit', [...crossed.slice(0, 3), [30, 'b 2/1', 'lock.acquire', { holds: 'l', timeout_ms: 2000 }]]],
    ['where another thread waits for what will come', [...crossed, [40, 'a 1/2', 'process.join', { name: 'busy' }]]],
    ['where another thread waits with a limit', [...crossed, [40, 'a 1/2', 'event.wait', { name: 'never', timeout_ms: 4000 }]]],
  ])('%s', (_, asked) => {
    const played = wait(`events: { never: }\n${two('  busy: { command: sleep 3000 }\n  setter: { command: sleep 5000, uses: { never: set } }')}`, asked);
    expect(played.of('run.deadlock').filter(({ at }) => at < 3000)).toEqual([]);
  });

  it('where a third program holds what one of them waits for, and computes', () => {
    const played = wait(`semaphores: { s: 2 }\n${two('  c: { command: sleep 1000; exit 0 }')}`, [
      ...crossed.slice(0, 2),
      [10, 'c 3/1', 'semaphore.acquire', { holds: 's' }],
      [10, 'a 1/1', 'semaphore.acquire', { holds: 's' }],
      [20, 'a 1/1', 'lock.acquire', { holds: 'm' }],
      [20, 'b 2/1', 'semaphore.acquire', { holds: 's' }],
    ]);
    expect(played.of('run.deadlock').filter(({ at }) => at < 1000)).toEqual([]);
    expect(played.answers.find(({ call }) => call === 6)).toMatchObject({ atMs: 1000, answer: { ok: true } });
  });

  it.each([
    ['a process, though it has asked nothing so far', '  c: { command: sleep 1000 }', [], true],
    ['a daemon that has asked something', 'daemons:\n  c: { command: sleep 5000 }', [[10, 'c 3/1', 'process.list', {}]], true],
    ['no daemon that knows nothing of the run', 'daemons:\n  c: { command: sleep 5000 }', [], false],
  ] as const)('where the permit may be returned by %s', (_, other, asked, isReturnable) => {
    const spec = `
locks: { l: }
semaphores: { s: 1 }
processes:
  a: { command: sleep 5000 }
  b: { command: sleep 5000 }
${other}`;
    const played = wait(spec, [
      [10, 'a 1/1', 'lock.acquire', { holds: 'l' }],
      [10, 'b 2/1', 'semaphore.acquire', { holds: 's' }],
      [20, 'a 1/1', 'semaphore.acquire', { holds: 's' }],
      [20, 'b 2/1', 'lock.acquire', { holds: 'l' }],
      ...asked,
    ]);
    expect(played.of('run.deadlock').filter(({ at }) => at < 1000)).toHaveLength(isReturnable ? 0 : 1);
  });

  it.each([
    ['the time of one of them', 'timeout: 1s, allow_failure: true'],
    ['a probe', 'liveness_probe: { exec: up 0, period: 1s }'],
  ])('where %s may end it', (_, more) => {
    const spec = two().replace('a: { command: sleep 5000 }', `a: { command: sleep 5000, ${more} }`);
    expect(wait(spec, crossed).of('run.deadlock').filter(({ at }) => at < 1000)).toEqual([]);
  });

  it.each([
    ['up 0', 1],
    ['down 500', 0],
  ])('where a probe that has not been asked yet since they wait may end it, but not once it has passed: %s', (probe, count) => {
    const spec = two().replace('a: { command: sleep 5000 }', `a: { command: sleep 5000, liveness_probe: { exec: ${probe}, initial_delay: 1s, period: 1s, failure_threshold: 2 } }`);
    const told = wait(spec, crossed).of('run.deadlock').filter(({ at }) => at < 5000);
    expect(told).toHaveLength(count);
    for (const { at } of told) expect(Math.floor(at / 1000)).toBe(1);
  });

  it('where the barrier that one of them waits at has a limit of its own', () => {
    const spec = (limit: string): string => `
locks: { l: }
barriers: { met: { parties: 2${limit} } }
processes:
  a: { command: sleep 3000, uses: { met: wait } }
  b: { command: sleep 3000, uses: { met: wait } }
`;
    const asked: readonly Asked[] = [
      [10, 'a 1/1', 'lock.acquire', { holds: 'l' }],
      [20, 'a 1/1', 'barrier.wait', { name: 'met' }],
      [20, 'b 2/1', 'lock.acquire', { holds: 'l' }],
    ];
    expect(wait(spec(', timeout: 1s'), asked).of('run.deadlock').filter(({ at }) => at < 1000)).toEqual([]);
    expect(wait(spec(''), asked).of('run.deadlock')[0]?.at).toBeLessThan(1000);
  });

  it('where a program that computes may end one of them', () => {
    const spec = two('  boss: { command: sleep 1000, uses: { a: start } }');
    const played = wait(spec, [...crossed, [500, 'boss 3/1', 'process.kill', { name: 'a' }]]);
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.answers.find(({ call }) => call === 4)).toMatchObject({ atMs: 500, answer: { ok: true } });
  });

  it('where nothing is looked at, as long as it makes none', () => {
    const played = wait('locks: { l: }\nprocesses: { a: { command: sleep 500 }, b: { command: sleep 500 } }', [
      [10, 'a 1/1', 'lock.acquire', { holds: 'l' }],
      [20, 'b 2/1', 'lock.acquire', { holds: 'l' }],
    ]);
    expect(played.effects.filter(({ type }) => type === 'look_at_program')).toEqual([]);
  });
});
