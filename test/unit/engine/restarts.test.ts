import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../src/engine/restart.ts';
import { play, type Played } from '../../rig/virtual-play.ts';

describe('restart', () => {
  it('always: after a success as well, until the run ends', () => {
    const played = play(`
daemons: { d: { command: "sleep 10; exit 0 | sleep 10; exit 1 | sleep 10; die SIGSEGV | forever", restart: always, backoff: { initial: 10ms, factor: 1, jitter: 0 } } }
processes: { a: { command: sleep 500 } }
`);
    expect(played.starts('d')).toEqual([0, 20, 40, 60]);
    expect(played.ended('d').state).toBe('stopped');
    expect(played.end.exitCode).toBe(0);
  });

  it.each([
    ['no', 'exit 1', [0], 'failed'],
    ['on_failure', 'exit 0', [0], 'succeeded'],
    ['on_failure', 'exit 1 | exit 0', [0, 200], 'succeeded'],
    ['on_failure', 'die SIGKILL | exit 0', [0, 200], 'succeeded'],
    ['on_failure', 'fail 127 | exit 0', [200], 'succeeded'],
  ])('%s of `%s`', (restart, command, starts, state) => {
    const played = play(`processes: { a: { command: "${command}", restart: ${restart}, backoff: { jitter: 0 } } }`);
    expect(played.starts('a').slice(-starts.length)).toEqual(starts);
    expect(played.ended('a').state).toBe(state);
  });

  it('waits longer each time, up to the longest', () => {
    const played = play(`
processes: { a: { command: exit 1, restart: on_failure, max_restarts: 4, backoff: { initial: 100ms, factor: 3, max: 500ms, jitter: 0 } } }
`);
    expect(played.of('instance.restarting').map(({ delayMs, attempt }) => [attempt, delayMs])).toEqual([[2, 100], [3, 300], [4, 500], [5, 500]]);
  });

  it('waits by so much more or less as `jitter` says, and after each failure longer', () => {
    const backoff = { initialMs: 200, maxMs: 1000, factor: 2, jitter: 0.1 };
    const waits = [0, 0.5, 1].map((drawn) => [1, 2, 3, 4, 5].map((failures) => backoffMs(backoff, failures, () => drawn)));
    expect(waits).toEqual([[180, 360, 720, 900, 900], [200, 400, 800, 1000, 1000], [220, 440, 880, 1100, 1100]]);
    expect(backoffMs({ ...backoff, jitter: 0 }, 1, () => 1)).toBe(200);
  });

  it('draws that anew each time', () => {
    const delays = play('processes: { a: { command: exit 1, restart: on_failure, max_restarts: 5, backoff: { initial: 1s, factor: 1 } } }', { seed: 7 });
    const told = delays.of('instance.restarting').map(({ delayMs }) => delayMs);
    expect(told).toHaveLength(5);
    expect(new Set(told).size).toBeGreaterThan(1);
    for (const delayMs of told) expect(Math.abs(delayMs - 1000)).toBeLessThanOrEqual(100);
  });

  it('gives up after so many within the window, and never where they are further apart', () => {
    const spec = (lastsMs: number): string => `
processes:
  a: { command: "sleep ${lastsMs}; exit 1 | sleep ${lastsMs}; exit 1 | sleep ${lastsMs}; exit 1 | sleep ${lastsMs}; exit 1 | exit 0", restart: on_failure, max_restarts: { count: 2, within: 1s }, backoff: { initial: 10ms, factor: 1 } }
`;
    const hasty = play(spec(10));
    expect(hasty.ended('a')).toMatchObject({ state: 'failed', attempts: 3 });
    expect(hasty.ended('a').why).toContain('restarted 2 times within 1s already');
    expect(play(spec(700)).ended('a')).toMatchObject({ state: 'succeeded', attempts: 5 });
  });

  it('counts in total where a number is given, however far apart', () => {
    const played = play(`
processes: { a: { command: sleep 100000; exit 1, restart: on_failure, max_restarts: 2, backoff: { initial: 10ms } } }
`);
    expect(played.ended('a')).toMatchObject({ state: 'failed', attempts: 3 });
    expect(played.ended('a').why).toContain('restarted 2 times already');
  });

  it('begins steps at the first, without variables, and the attempt is told its number', () => {
    const played = play(`
values: { tries: 0 }
processes:
  a: { steps: [{ print: "[\${{ vars.x || 'none' }}]" }, { load: tries, as: x }, { add: tries, as: n }, { run: print try $n of $MPCTL_ATTEMPT }, { run: exit 1 | exit 0 }], restart: on_failure }
`);
    expect(played.lines('a')).toEqual(['[none]', 'try 1 of 1', '[none]', 'try 2 of 2']);
    expect(played.ended('a')).toMatchObject({ state: 'succeeded', attempts: 2 });
  });

  it.each([
    ['declared holds', '{ command: "sleep 10; exit 1 | sleep 10", with: [l, s], restart: on_failure, backoff: { initial: 500ms } }'],
    ['holds of steps', '{ steps: [{ with: [l, s], do: [{ run: "sleep 10; exit 1 | sleep 10" }] }], restart: on_failure, backoff: { initial: 500ms } }'],
  ])('holds nothing between attempts: %s', (_, body) => {
    const played = play(`
locks: { l: }
semaphores: { s: 1 }
processes:
  a: ${body}
  b: { steps: [{ sleep: 1ms }, { with: [l, s], do: [{ sleep: 20ms }] }, { print: free }] }
`);
    expect(played.output.filter(({ text }) => text === 'free')).toMatchObject([{ atMs: 30 }]);
    expect(played.of('instance.granted').filter(({ instance }) => instance === 'b')).toMatchObject([{ at: 10, ownerDied: ['l', 's'] }]);
    expect(played.ended('a')).toMatchObject({ state: 'succeeded', attempts: 2 });
  });

  it('an attempt that takes too long is stopped and tried again', () => {
    const played = play(`
processes: { a: { command: "forever | exit 0", timeout: 100ms, restart: on_failure, backoff: { initial: 50ms, jitter: 0 } } }
`);
    expect(played.signalsTo('a')).toEqual(['SIGTERM at 100']);
    expect(played.starts('a')).toEqual([0, 150]);
    expect(played.end.exitCode).toBe(0);
  });

  it('stopping ends the wait for the next attempt', () => {
    const played = play(
      'processes: { a: { command: exit 1, restart: always, backoff: { initial: 60s, max: 60s } } }',
      { signals: [{ atMs: 100, signal: 'SIGINT' }] },
    );
    expect(played.endedMs).toBe(100);
    expect(played.starts('a')).toEqual([0]);
    expect(played.end.exitCode).toBe(130);
  });
});

describe('an end of its own before the stop came', () => {
  it.each([
    ['exit 1', 'failed', 1],
    ['exit 0', 'succeeded', 0],
    ['die SIGKILL', 'failed', 1],
  ])('stays what it was: `%s`, with a child that lingers', (way, state, exitCode) => {
    const played = play(`
processes:
  a: { command: cling 5000; sleep 200; ${way} }
  b: { steps: [{ sleep: 600ms }, { shutdown: 0 }] }
`);
    expect(played.ended('a').state).toBe(state);
    expect(played.end.exitCode).toBe(exitCode);
  });

  it('a stop of its own choosing is no failure, whatever code it gives', () => {
    const played = play(`
processes:
  a: { command: trap SIGTERM 10 3; forever }
  b: { steps: [{ sleep: 50ms }, { terminate: a }] }
`);
    expect(played.ended('a')).toMatchObject({ state: 'stopped', exitcode: 3 });
    expect(played.end.exitCode).toBe(0);
  });
});

describe('an end that nobody knows, as what had started it was ended', () => {
  const lost = { seed: 1, faults: { lateExits: 0, lostExits: 1, deathsMs: [], failingSpawns: 0, slowSpawns: 0, jumps: [], fullDisk: [] } };

  it('is told as that, fails the run, and is a reason to try again', () => {
    const played = play('processes: { a: { command: exit 0, restart: on_failure, max_restarts: 1, backoff: { initial: 10ms } } }', lost);
    expect(played.ended('a')).toMatchObject({ state: 'failed', reason: 'lost', attempts: 2, exitcode: -9, why: 'it was lost: what had started it was ended; restarted once already' });
    expect(played.end.exitCode).toBe(1);
  });

  it('of a command of steps is told by its step', () => {
    expect(play('processes: { a: { steps: [{ run: exit 0 }] } }', lost).ended('a')).toMatchObject({ reason: 'step_failed', why: '`run` was lost: what had started it was ended' });
  });

  it('is a stop where it was asked for', () => {
    const played = play('processes: { a: { command: forever } }', { ...lost, signals: [{ atMs: 100, signal: 'SIGINT' }] });
    expect(played.ended('a')).toMatchObject({ state: 'stopped', reason: 'stopped' });
  });
});

describe('the fencing numbers', () => {
  it('are shown for locks, not for semaphores, to commands, steps and tasks', () => {
    const shown = 'print $MPCTL_TOKEN_MY_LOCK/$MPCTL_TOKEN_S';
    const played = play(`
locks: { my-lock: }
semaphores: { s: 9 }
processes:
  a: { command: ${shown}, with: [my-lock, s] }
  b: { depends_on: [a], steps: [{ with: [my-lock, s], do: [{ run: ${shown} }] }, { run: ${shown} }, { acquire: my-lock }, { run: ${shown} }, { release: my-lock }, { run: ${shown} }] }
pools:
  p: { workers: 1, depends_on: [b], with: [my-lock, s], tasks: [x, y], command: ${shown} }
  q: { workers: 1, depends_on: [p], tasks: [x], steps: [{ with: my-lock, do: [{ run: ${shown} }] }, { run: ${shown} }] }
`);
    expect(played.lines('a')).toEqual(['1/']);
    expect(played.lines('b')).toEqual(['2/', '/', '3/', '/']);
    expect(played.lines('p-1')).toEqual(['4/', '5/']);
    expect(played.lines('q-1')).toEqual(['6/', '/']);
  });

  it('of what a process holds reach the commands of its steps, and grow with every attempt', () => {
    const played = play(`
locks: { l: }
processes:
  a: { with: l, steps: [{ run: print $MPCTL_TOKEN_L }, { run: exit 1 | exit 0 }], restart: on_failure }
`);
    expect(played.lines('a')).toEqual(['1', '2']);
  });
});

it('what is stopped between two attempts keeps the exit code of the last one', () => {
  const stopped = (program: string): Played =>
    play(`
on_failure: continue
processes:
  a: { command: "sleep 100; ${program}", restart: on_failure, backoff: { initial: 5s } }
  c: { steps: [{ sleep: 200ms }, { terminate: a }, { join: a }, { print: "\${{ process.a.exitcode }}" }] }
`);
  expect(stopped('exit 1').ended('a')).toMatchObject({ state: 'stopped', exitcode: 1, signal: null });
  expect(stopped('exit 1').lines('c')).toEqual(['1']);
  expect(stopped('die SIGKILL').ended('a')).toMatchObject({ state: 'stopped', exitcode: -9, signal: 'SIGKILL' });
});
