import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

const stubborn = 'processes: { a: { command: ignore SIGTERM; forever } }';

describe('the ladder', () => {
  it('first signal: stop signal, grace, SIGKILL, and mpctl dies of the signal', () => {
    const played = play(stubborn, { signals: [{ atMs: 100, signal: 'SIGINT' }] });
    expect(played.signalsTo('a')).toEqual(['SIGTERM at 100', 'SIGKILL at 5100']);
    expect(played.end).toMatchObject({ outcome: 'cancelled', signal: 'SIGINT', exitCode: 130 });
    expect(played.of('instance.stopping')).toMatchObject([
      { at: 100, signal: 'SIGTERM', graceMs: 5000, why: 'mpctl was sent SIGINT' },
      { at: 5100, signal: 'SIGKILL', graceMs: 0, why: 'it did not end within 5s' },
    ]);
  });

  it('second signal: everything has one second more', () => {
    const played = play(stubborn, { signals: [{ atMs: 100, signal: 'SIGINT' }, { atMs: 400, signal: 'SIGTERM' }] });
    expect(played.signalsTo('a')).toEqual(['SIGTERM at 100', 'SIGKILL at 1400']);
    expect(played.end.signal).toBe('SIGINT');
  });

  it('second signal: whatever still waited for its turn gets its stop signal then', () => {
    const played = play(
      'processes: { a: { command: ignore SIGTERM; forever, depends_on: { b: { condition: start } } }, b: { command: forever } }\ndaemons: { d: { command: forever } }',
      { signals: [{ atMs: 100, signal: 'SIGINT' }, { atMs: 400, signal: 'SIGINT' }] },
    );
    expect(['a', 'b', 'd'].map((name) => played.signalsTo(name))).toEqual([['SIGTERM at 100', 'SIGKILL at 1400'], ['SIGTERM at 400'], ['SIGTERM at 400']]);
  });

  it('a second signal within 250 ms is the same one', () => {
    const played = play(stubborn, { signals: [{ atMs: 100, signal: 'SIGINT' }, { atMs: 340, signal: 'SIGINT' }] });
    expect(played.signalsTo('a')).toEqual(['SIGTERM at 100', 'SIGKILL at 5100']);
  });

  it.each([
    ['a Ctrl-C that ends the reader of mpctl first', 'SIGPIPE', 'SIGINT', 100],
    ['a Ctrl-C that ends the reader of mpctl next', 'SIGINT', 'SIGPIPE', 100],
    ['a Ctrl-C long after the reader has gone', 'SIGPIPE', 'SIGINT', 1000],
  ] as const)('%s is one signal, and the one that mpctl dies of', (_, first, second, gapMs) => {
    const played = play(stubborn, { signals: [{ atMs: 100, signal: first }, { atMs: 100 + gapMs, signal: second }] });
    expect(played.signalsTo('a')).toEqual(['SIGTERM at 100', 'SIGKILL at 5100']);
    expect(played.end).toMatchObject({ outcome: 'cancelled', signal: 'SIGINT', exitCode: 130 });
  });

  it('after SIGPIPE the ladder has all of its rungs', () => {
    const times = [100, 400, 700];
    const signals = times.map((atMs) => ({ atMs, signal: 'SIGTERM' as const }));
    const played = play(stubborn, { signals: [{ atMs: 50, signal: 'SIGPIPE' }, ...signals] });
    expect(played.of('run.signal').map(({ at, signal, rung }) => [at, signal, rung])).toEqual([
      [50, 'SIGPIPE', 1], [100, 'SIGTERM', 1], [400, 'SIGTERM', 2], [700, 'SIGTERM', 3],
    ]);
    expect(played.signalsTo('a')).toEqual(['SIGTERM at 50', 'SIGKILL at 700']);
  });

  it('third signal: SIGKILL now', () => {
    const times = [100, 400, 700];
    const played = play(stubborn, { signals: times.map((atMs) => ({ atMs, signal: 'SIGINT' })) });
    expect(played.signalsTo('a')).toEqual(['SIGTERM at 100', 'SIGKILL at 700']);
  });

  it('says of each signal that counts how far up the ladder it is, and what is left', () => {
    const times = [100, 340, 400, 700];
    const played = play(stubborn, { signals: times.map((atMs) => ({ atMs, signal: 'SIGINT' })) });
    const told = played.of('run.signal').map(({ at, rung, killInMs }) => [at, rung, killInMs]);
    expect(told).toEqual([[100, 1, null], [400, 2, 1000], [700, 3, 0]]);
    expect(played.of('instance.stopping')).toMatchObject([{ at: 100, signal: 'SIGTERM', graceMs: 5000 }]);
  });

  it('SIGQUIT: SIGKILL now', () => {
    const played = play(stubborn, { signals: [{ atMs: 100, signal: 'SIGQUIT' }] });
    expect(played.signalsTo('a')).toEqual(['SIGKILL at 100']);
    expect(played.end.exitCode).toBe(131);
  });

  it('SIGPIPE: nobody reads the output, which stops the run once and is no second signal', () => {
    const played = play(stubborn, { signals: [100, 500].map((atMs) => ({ atMs, signal: 'SIGPIPE' })) });
    expect(played.signalsTo('a')[0]).toBe('SIGTERM at 100');
    expect(played.of('run.signal').map(({ signal, rung }) => [signal, rung])).toEqual([['SIGPIPE', 1]]);
    expect(played.end).toMatchObject({ signal: 'SIGPIPE', exitCode: 141, outcome: 'cancelled' });
  });

  it('orphaned: stops the run once, is no second signal, and mpctl dies of the one that it is sent', () => {
    const alone = play(stubborn, { signals: [100, 500].map((atMs) => ({ atMs, signal: 'orphaned' })) });
    expect(alone.signalsTo('a')[0]).toBe('SIGTERM at 100');
    expect(alone.of('run.signal').map(({ signal, rung, orphaned }) => [signal, rung, orphaned])).toEqual([['SIGHUP', 1, true]]);
    expect(alone.end).toMatchObject({ signal: 'SIGHUP', exitCode: 129, outcome: 'cancelled', why: 'what waited for mpctl in the foreground has ended before it' });
    for (const order of [['orphaned', 'SIGTERM'], ['SIGTERM', 'orphaned']] as const) {
      const played = play(stubborn, { signals: order.map((signal, index) => ({ atMs: 100 + 300 * index, signal })) });
      expect(played.end).toMatchObject({ signal: 'SIGTERM', exitCode: 143 });
      expect(played.of('run.signal').map(({ rung }) => rung)).toEqual(order[0] === 'orphaned' ? [1, 1] : [1]);
    }
  });

  it('orphaned: leaves `finally` the time that it has after a signal', () => {
    const played = play('processes: { a: { command: exit 0 } }\nfinally: { bye: { command: forever } }', { signals: [{ atMs: 100, signal: 'orphaned' }] });
    expect(played.signalsTo('bye')[0]).toBe('SIGTERM at 30100');
    expect(played.end).toMatchObject({ signal: 'SIGHUP' });
  });

  it('stops dependents before what they depend on, and runs finally before it stops the daemons', () => {
    const played = play(
      `
daemons: { db: { command: trap SIGTERM 10 0; forever } }
processes:
  api: { command: trap SIGTERM 30 0; forever, depends_on: [db] }
  web: { command: trap SIGTERM 20 0; forever, depends_on: { api: { condition: start } } }
finally: { bye: { command: sleep 40 } }
`,
      { signals: [{ atMs: 100, signal: 'SIGTERM' }] },
    );
    expect(['web', 'api', 'db'].map((name) => played.signalsTo(name))).toEqual([
      ['SIGTERM at 100'],
      ['SIGTERM at 120'],
      ['SIGTERM at 190'],
    ]);
    expect(played.starts('bye')).toEqual([150]);
    expect(played.endedMs).toBe(200);
  });

  it('a second signal kills finally, and what of it has not begun never begins', () => {
    const played = play(
      `
processes: { a: { command: forever } }
finally:
  bye: { command: ignore SIGTERM; forever }
  then: { command: sleep 1, depends_on: { bye: { condition: exit } } }
`,
      { signals: [{ atMs: 100, signal: 'SIGINT' }, { atMs: 500, signal: 'SIGINT' }] },
    );
    expect(played.signalsTo('bye')).toEqual(['SIGKILL at 500']);
    expect(played.starts('then')).toEqual([]);
    expect(played.endedMs).toBe(500);
  });

  it('after a signal each of finally has 30 s unless it declares a timeout', () => {
    const spec = (timeout: string): string => `
processes: { a: { command: forever } }
finally: { bye: { command: forever${timeout} } }
`;
    const signals = [{ atMs: 100, signal: 'SIGINT' as const }];
    expect(play(spec(''), { signals }).endedAt('bye')).toBe(30_100);
    expect(play(spec(', timeout: 2s'), { signals }).endedAt('bye')).toBe(2100);
  });

  it('gives the whole stop 7 s, however many have to be stopped after each other', () => {
    const played = play(
      `
processes:
  a: { command: ignore SIGTERM; forever }
  b: { command: ignore SIGTERM; forever, depends_on: { a: { condition: start } } }
  c: { command: ignore SIGTERM; forever, depends_on: { b: { condition: start } } }
`,
      { signals: [{ atMs: 0, signal: 'SIGINT' }] },
    );
    expect(played.endedMs).toBe(7000);
  });

  it('gives it as long as the longest grace period where that is longer, and takes nothing of it for `finally`', () => {
    const spec = (more: string): string => `
daemons: { d: { command: ignore SIGTERM; forever, stop: { grace_period: 9s } } }
processes: { a: { command: ignore SIGTERM; forever, stop: { grace_period: 4s }, depends_on: [d] } }
${more}`;
    const signals = [{ atMs: 0, signal: 'SIGINT' as const }];
    expect(play(spec(''), { signals }).endedMs).toBe(9000);
    const played = play(spec('finally: { bye: { command: sleep 2000 } }'), { signals });
    expect([played.signalsTo('a'), played.signalsTo('d')]).toEqual([['SIGTERM at 0', 'SIGKILL at 4000'], ['SIGTERM at 6000', 'SIGKILL at 11000']]);
  });

  it('runs the stop command first, then signals what is still alive', () => {
    const spec = (command: string): string =>
      `processes: { a: { command: forever, stop: { command: ${command}, grace_period: 300ms } } }`;
    const signals = [{ atMs: 100, signal: 'SIGINT' as const }];
    expect(play(spec('sleep 20; end a 0'), { signals }).signalsTo('a')).toEqual([]);
    expect(play(spec('sleep 20'), { signals }).signalsTo('a')).toEqual(['SIGTERM at 120']);
  });

  it('ends what outlives its leader in the group', () => {
    const played = play('processes: { a: { command: cling 60000; sleep 10 } }');
    expect(played.signalsTo('a')).toEqual(['SIGTERM at 10', 'SIGKILL at 1010']);
    expect(played.end.exitCode).toBe(0);
  });
});

describe('how the run ends', () => {
  it.each([
    ['everything succeeded', 'processes: { a: { command: sleep 1 } }', 0, 'success'],
    ['something failed', 'processes: { a: { command: exit 3 } }', 1, 'failure'],
    ['allow_failure', 'processes: { a: { command: exit 3, allow_failure: true } }', 0, 'success'],
    ['success_exit_codes', 'processes: { a: { command: exit 3, success_exit_codes: [3] } }', 0, 'success'],
    ['shutdown with a code', 'processes: { a: { steps: [{ shutdown: 9 }, { sleep: 10s }] } }', 9, 'failure'],
    ['shutdown with 0', 'processes: { a: { steps: [{ shutdown: 0 }, { sleep: 10s }] } }', 0, 'success'],
    ['its own timeout', 'timeout: 50ms\nprocesses: { a: { command: forever } }', 124, 'timed_out'],
    ['a failure of finally', 'processes: { a: { command: sleep 1 } }\nfinally: { f: { command: exit 1 } }', 1, 'failure'],
    ['the first cause', 'timeout: 50ms\nprocesses: { a: { command: sleep 20; exit 1 }, b: { command: ignore SIGTERM; forever } }', 1, 'failure'],
    ['a daemon that failed', 'daemons: { d: { command: sleep 5; exit 1 } }\nprocesses: { a: { command: forever } }', 1, 'failure'],
  ])('%s', (_, spec, exitCode, outcome) => {
    expect(play(spec).end).toMatchObject({ exitCode, outcome, signal: null });
  });

  it.each([
    ['success', 'sleep 1', []],
    ['failure', 'exit 1', []],
    ['timed_out', 'forever', []],
    ['cancelled', 'forever', [{ atMs: 20, signal: 'SIGINT' as const }]],
  ])('tells finally that it was %s', (outcome, command, signals) => {
    const spec = `timeout: 100ms\nprocesses: { a: { command: ${command} } }\nfinally: { f: { command: print $MPCTL_OUTCOME } }`;
    expect(play(spec, { signals }).lines('f')).toEqual([outcome]);
  });

  it('lasts until it is stopped where there are only daemons', () => {
    const played = play('daemons: { d: { command: forever } }', { signals: [{ atMs: 5000, signal: 'SIGTERM' }] });
    expect(played.end.exitCode).toBe(143);
  });

  it('goes on with what does not depend on a failure where on_failure is continue', () => {
    const played = play(`
on_failure: continue
processes:
  bad: { command: exit 1 }
  other: { command: sleep 100 }
  after: { command: sleep 1, depends_on: [bad] }
`);
    expect(['other', 'after'].map((name) => played.ended(name).state)).toEqual(['succeeded', 'skipped']);
    expect(played.end.exitCode).toBe(1);
  });
});

describe('once the run is being stopped nothing new starts', () => {
  const interrupted = { signals: [{ atMs: 50, signal: 'SIGINT' as const }] };
  const web = 'web: { command: trap SIGTERM 200 0; forever, depends_on: { db: { condition: start } } }';

  it.each([
    ['no run step', 'steps: [{ run: sleep 100 }, { run: forever }]', 100],
    ['no other attempt of a process', 'command: sleep 100; exit 1, restart: on_failure, backoff: { initial: 10ms }', 100],
  ])('%s, although others still need it', (_, body, endedMs) => {
    const played = play(`processes: { db: { ${body} }, ${web} }`, interrupted);
    expect(played.endedAt('db')).toBe(endedMs);
    expect(played.effects.filter((effect) => effect.type === 'spawn')).toHaveLength(2);
    expect(played.endedAt('web')).toBe(250);
  });

  it('no run step that waited for a slot of max_parallel', () => {
    const played = play(
      `
max_parallel: 2
processes:
  a: { command: trap SIGTERM 20 0; forever }
  db: { steps: [{ sleep: 10ms }, { run: forever }, { print: never }] }
  ${web}
`,
      interrupted,
    );
    expect(played.ended('db')).toMatchObject({ state: 'stopped', why: 'mpctl was sent SIGINT' });
    expect(played.lines('db')).toEqual([]);
    expect(played.effects.filter((effect) => effect.type === 'spawn')).toHaveLength(2);
  });

  it.each([
    ['a list', 'tasks: [1, 2, 3, 4]', 4],
    ['a file', 'tasks: { lines: urls.txt }', 64],
  ])('no task of %s, no retry and no task that waits, although others still need the pool', (_, tasks, count) => {
    const played = play(
      `
processes: { ${web} }
pools: { db: { workers: 1, ${tasks}, command: sleep 100; exit 1, retry: { attempts: 3 } } }
`,
      { ...interrupted, sources: { db: Array.from({ length: 200 }, (_item, index) => index) } },
    );
    expect(played.of('task.started')).toHaveLength(1);
    expect(played.of('task.ended').map(({ fate }) => fate)).toEqual(['failed', ...Array.from({ length: count - 1 }, () => 'cancelled')].toSorted());
    expect(played.ended('db')).toMatchObject({ at: 100, state: 'stopped', why: 'mpctl was sent SIGINT' });
  });

  it('but daemons serve until finally is over, and are restarted until then', () => {
    const played = play(
      `
daemons:
  db: { command: "sleep 100; exit 1 | sleep 200; exit 1 | forever", restart: on_failure, backoff: { initial: 10ms, jitter: 0 } }
  api: { command: trap SIGTERM 500 0; forever, depends_on: { db: { condition: start } } }
processes: { a: { command: trap SIGTERM 100 0; forever } }
finally: { bye: { command: sleep 50 } }
`,
      interrupted,
    );
    expect(played.starts('bye')).toEqual([150]);
    // The second attempt crashes at 310, when only daemons are left.
    expect(played.starts('db')).toEqual([0, 110]);
    expect(played.endedAt('db')).toBe(310);
    expect(played.endedAt('api')).toBe(700);
  });
});
