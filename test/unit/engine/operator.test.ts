import { describe, expect, it } from 'vitest';
import { ask, type Asked } from '../../rig/virtual-ask.ts';
import { play, type Played } from '../../rig/virtual-play.ts';

/** What came of each call that was refused, in order. */
function refusals({ answers }: Played): readonly string[] {
  return answers.flatMap(({ answer }) => (answer.ok ? [] : [`${answer.error.kind}: ${answer.error.message}`]));
}

function restartOf(atMs: number, name: string): Asked {
  return [atMs, '@operator', 'process.restart', { name }];
}

describe('what cannot be restarted', () => {
  const spec = `
locks: { l: }
events: { never: }
processes:
  a: { command: trap SIGTERM 20 0; sleep 100, with: [l], uses: { never: set } }
  locked: { command: sleep 1, with: [l] }
  waiting: { command: sleep 1, wait_for: [never] }
  later: { command: sleep 1, depends_on: [a] }
  extra: { command: sleep 1, autostart: false }
finally: { tidy: { command: sleep 10 }, more: { command: sleep 1, autostart: false } }
`;

  it.each([
    ['waits for a lock', 'locked', '`locked` waits to start: there is no attempt of it to begin anew'],
    ['waits for an event', 'waiting', '`waiting` waits to start: there is no attempt of it to begin anew'],
    ['waits for another', 'later', '`later` waits to start: there is no attempt of it to begin anew'],
    ['was never started', 'extra', '`extra` was never started: it can be started, and not restarted'],
    ['runs in `finally`', 'tidy', '`tidy` is of `finally`: it runs when all else has ended'],
    ['is started in `finally`', 'more', '`more` is of `finally`: it can be started when all else has ended'],
  ])('is refused with its reason: what %s', (_, name, why) => {
    const played = ask(spec, restartOf(10, name), [20, '@operator', 'run.shutdown', {}]);
    expect(refusals(played)).toEqual([`refused: ${why}`]);
  });

  it('is anything while the run is being stopped, and what is being stopped itself', () => {
    const played = ask(
      'processes: { a: { command: trap SIGTERM 20 0; sleep 100 }, b: { command: sleep 100 } }',
      [10, '@operator', 'process.terminate', { name: 'a' }],
      restartOf(15, 'a'),
      [20, '@operator', 'run.shutdown', {}],
      restartOf(25, 'a'),
    );
    expect(refusals(played)).toEqual(['refused: `a` is being stopped', 'ended: the run is being stopped']);
    expect(played.starts('a')).toEqual([0]);
  });

  it('is what has had its time once the run is at its `finally`, and started is nothing of it either', () => {
    const played = ask(
      'processes: { a: { command: sleep 1 }, b: { command: sleep 1, autostart: false } }\ndaemons: { d: { command: forever } }\nfinally: { tidy: { command: sleep 100 } }',
      restartOf(20, 'a'),
      [30, '@operator', 'process.start', { name: 'b' }],
      restartOf(40, 'd'),
    );
    expect(refusals(played)).toEqual(['refused: `a` has had its time: the run is at its `finally`', 'refused: `b` has had its time: the run is at its `finally`']);
    expect([played.starts('a'), played.starts('b'), played.starts('d').length]).toEqual([[0], [], 2]);
  });

  it('is anything after a second signal, which ends `finally` too', () => {
    const played = play('processes: { a: { command: sleep 1 } }\nfinally: { tidy: { command: sleep 1 }, more: { command: forever } }', {
      signals: [{ atMs: 2000, signal: 'SIGINT' }, { atMs: 2300, signal: 'SIGINT' }],
      calls: [{ atMs: 2301, event: { type: 'call', id: 1, caller: { instance: '@operator', holder: '' }, call: { type: 'start', name: 'tidy' }, progress: 0 } }],
      seed: 3,
      faults: { lateExits: 1, lostExits: 0, deathsMs: [], failingSpawns: 0, slowSpawns: 0, jumps: [], fullDisk: [] },
    });
    expect(refusals(played)).toEqual(['ended: the run is being stopped']);
    expect(played.starts('tidy')).toHaveLength(1);
    expect(played.end.signal).toBe('SIGINT');
  });

  it('gives whoever begins when the time of `finally` after a signal is over as long again', () => {
    const played = play('processes: { a: { command: sleep 100 } }\nfinally: { tidy: { command: forever }, more: { command: sleep 60000, timeout: 2m } }', {
      signals: [{ atMs: 50, signal: 'SIGINT' }],
      calls: [{ atMs: 40_000, event: { type: 'call', id: 1, caller: { instance: '@operator', holder: '' }, call: { type: 'start', name: 'tidy' }, progress: 0 } }],
    });
    const [begun = 0, again = 0] = played.starts('tidy');
    expect(again).toBe(40_000);
    expect(played.signalsTo('tidy')).toEqual([`SIGTERM at ${String(begun + 30_000)}`, 'SIGTERM at 70000']);
    expect(played.end.signal).toBe('SIGINT');
  });

  it.each([
    ['a process', 'processes: { a: { command: sleep 100 }, b: { autostart: false, command: forever } }', ''],
    ['a pool', 'processes: { a: { command: sleep 100 } }', 'pools: { b: { autostart: false, workers: 1, command: forever, tasks: [1] } }'],
  ])('is limited after a signal also where `finally` has started it: %s', (_what, processes, pools) => {
    const played = play(`${processes}\n${pools}\nfinally: { tidy: { timeout: 90s, steps: [{ start: b }, { join: b }] } }`, { signals: [{ atMs: 50, signal: 'SIGINT' }] });
    expect(played.endedAt('tidy')).toBeGreaterThan(29_000);
    expect(played.endedAt('tidy')).toBeLessThan(31_000);
    expect(played.end.signal).toBe('SIGINT');
  });

  it('leaves out of several instances those that wait, and restarts the others', () => {
    const played = ask(
      'semaphores: { s: 1 }\nprocesses: { w: { replicas: 2, command: sleep 100, with: [s] } }',
      restartOf(10, 'w'),
      restartOf(20, 'w-1'),
      [30, '@operator', 'run.shutdown', {}],
    );
    expect(played.starts('w-1')).toEqual([0]);
    expect(played.starts('w-2')).toEqual([10]);
    expect(refusals(played)).toEqual(['refused: `w-1` waits to start: there is no attempt of it to begin anew']);
  });
});

describe('what runs in finally', () => {
  const last = 'finally: { tidy: { command: print $MPCTL_OUTCOME } }';

  it('cannot be started before its time, neither by a user nor by a program, and keeps its own', () => {
    const played = ask(
      `processes: { a: { command: trap SIGTERM 20 0; sleep 100, uses: { tidy: start } } }\n${last}`,
      [10, '@operator', 'process.start', { name: 'tidy' }],
      [20, 'a', 'process.start', { name: 'tidy' }],
      [30, '@operator', 'run.shutdown', {}],
      [40, '@operator', 'process.start', { name: 'tidy' }],
    );
    const why = 'refused: `tidy` is of `finally`: it runs when all else has ended';
    expect(refusals(played)).toEqual([why, why, why]);
    expect(played.lines('tidy')).toEqual(['success']);
    expect(played.starts('tidy')).toEqual([50]);
  });

  it('cannot be started by a step before its time', () => {
    const played = ask(`processes: { b: { command: sleep 100 } }\ndaemons: { a: { steps: [{ start: tidy }] } }\n${last}`);
    expect(played.ended('a')).toMatchObject({ state: 'failed', why: '`tidy` is of `finally`: it runs when all else has ended' });
    expect(played.lines('tidy')).toEqual(['failure']);
  });

  it('is not brought back before its time where a user has stopped it', () => {
    const played = ask(
      `processes: { a: { command: sleep 100 } }\n${last}`,
      [10, '@operator', 'process.terminate', { name: 'tidy' }],
      restartOf(20, 'tidy'),
    );
    expect(refusals(played)).toEqual(['refused: `tidy` is of `finally`: it runs when all else has ended']);
    expect(played.lines('tidy')).toEqual([]);
  });
});

describe('what is asked for in vain', () => {
  it('is told of what is being stopped how to wait for its end', () => {
    const played = ask('processes: { a: { command: ignore SIGTERM; forever } }', [10, '@operator', 'process.terminate', { name: 'a' }], [20, '@operator', 'process.start', { name: 'a' }]);
    const instead = '`mpctl wait a --for exit` waits for that, and `mpctl restart a` does both at once';
    expect(refusals(played)).toEqual([`refused: \`a\` is being stopped, and can be started when it has ended: ${instead}`]);
  });

  it('is told the name that was meant', () => {
    const played = ask(
      'locks: { file: }\npools: { crunch: { command: exit 0 } }\nprocesses: { server: { command: sleep 100, uses: { crunch: submit } } }',
      [10, 'server', 'lock.acquire', { holds: 'fle' }],
      [10, 'server', 'pool.submit', { name: 'crnch', items: [1] }],
      [20, '@operator', 'process.terminate', { name: 'sever' }],
      [20, '@operator', 'process.terminate', { name: 'zzz' }],
    );
    expect(refusals(played)).toEqual([
      'not_found: the spec has no lock `fle` (did you mean `file`?)',
      'not_found: the spec has no pool `crnch` (did you mean `crunch`?)',
      'not_found: the spec has no process `sever` (did you mean `server`?)',
      'not_found: the spec has no process `zzz`',
    ]);
  });
});

describe('a pool that does not start by itself', () => {
  const spec = `
pools: { p: { workers: 1, command: 'print $MPCTL_ITEM', tasks: [x], autostart: false } }
processes: { a: { command: sleep 100, uses: { p: start } }, b: { command: sleep 100 } }
`;

  it('is started by a user, and once more when it has ended', () => {
    const played = ask(spec, [10, '@operator', 'process.start', { name: 'p' }], [20, '@operator', 'process.start', { name: 'p' }]);
    expect(played.answers.map(({ answer }) => answer.ok)).toEqual([true, true]);
    expect(played.output.map(({ atMs, text }) => [atMs, text])).toEqual([[10, 'x'], [20, 'x']]);
  });

  it('is started by a program that says so in the spec, and by no other', () => {
    const played = ask(spec, [10, 'b', 'process.start', { name: 'p' }], [20, 'a', 'process.start', { name: 'p' }]);
    expect(refusals(played)).toEqual(['not_declared: the spec does not say that `b` may `start` `p`: add `uses: {p: start}` to it']);
    expect(played.of('pool.started').map(({ at }) => at)).toEqual([20]);
  });

  it('has no attempt that could be restarted', () => {
    expect(refusals(ask(spec, restartOf(10, 'p')))).toEqual(['not_found: `p` is a pool, which has no attempt to begin anew: `mpctl stop p`, and `mpctl start p` when it has ended']);
  });
});
