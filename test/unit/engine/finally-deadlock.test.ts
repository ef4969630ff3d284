import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

/** Two of `finally` that take two locks in opposite order, after whatever these do. */
const after = (processes: string, more = ''): string => `${more}
locks: { a: , b: }
barriers: { met: { parties: 2 } }
processes: { m: ${processes} }
finally:
  one: { steps: [{ with: a, do: [{ wait: met }, { with: b, do: [{ print: never }] }] }] }
  two: { steps: [{ with: b, do: [{ wait: met }, { with: a, do: [{ print: never }] }] }] }
`;

describe('a deadlock in `finally` is told and ended', () => {
  it.each([
    ['ended well', '{ command: sleep 10 }', '', 5, 'deadlock: `one` → `two`'],
    ['was asked to end well', '{ steps: [{ shutdown: 0 }] }', '', 5, 'deadlock: `one` → `two`'],
    // The first cause is kept, as of any other two.
    ['was asked to end with a code', '{ steps: [{ shutdown: 7 }] }', '', 7, '`m` asked to end the run with 7; then deadlock: `one` → `two`'],
    ['has failed', '{ command: exit 3 }', '', 1, '`m` failed: it exited with 3; then deadlock: `one` → `two`'],
    ['was asked to end well after a failure', '{ steps: [{ run: exit 3, allow_failure: true }, { shutdown: 0 }] }', '', 5, 'deadlock: `one` → `two`'],
    ['took too long', '{ command: forever }', 'timeout: 1s', 124, 'the run took longer than 1s; then deadlock: `one` → `two`'],
  ])('of a run that %s', (_, processes, more, exitCode, why) => {
    const played = play(after(processes, more));
    expect(played.of('run.deadlock')).toMatchObject([{ circle: true, cycle: [{ instance: 'one' }, { instance: 'two' }] }]);
    expect(played.ended('one')).toMatchObject({ state: 'stopped', why: 'deadlock: `one` → `two`' });
    expect(played.end).toMatchObject({ exitCode, why });
    expect(played.end.outcome).not.toBe('success');
  });

  it('of a run that was sent a signal', () => {
    const played = play(after('{ command: forever }'), { signals: [{ atMs: 100, signal: 'SIGINT' }] });
    expect(played.of('run.deadlock')).toHaveLength(1);
    expect(played.end).toMatchObject({ exitCode: 130, outcome: 'cancelled', why: 'mpctl was sent SIGINT; then deadlock: `one` → `two`' });
    expect(played.endedMs).toBeLessThan(5000);
  });

  it('of a pool that it has started', () => {
    const played = play(`
locks: { a: }
processes: { m: { command: sleep 10 } }
pools: { late: { workers: 1, autostart: false, tasks: [1], steps: [{ with: a, do: [{ print: never }] }] } }
finally:
  one: { steps: [{ with: a, do: [{ start: late }, { join: late }] }] }
`);
    expect(played.of('run.deadlock')).toMatchObject([{ circle: true, cycle: [{ instance: 'one' }, { instance: 'late' }] }]);
    expect(played.end.exitCode).toBe(5);
  });
});

it('a deadlock of what `finally` has started, and does not wait for, ends with that', () => {
  const played = play(`
locks: { a: , b: }
barriers: { met: { parties: 2 } }
processes:
  m: { command: sleep 10 }
  one: { autostart: false, steps: [{ with: a, do: [{ wait: met }, { with: b, do: [{ print: never }] }] }] }
  two: { autostart: false, steps: [{ with: b, do: [{ wait: met }, { with: a, do: [{ print: never }] }] }] }
finally: { last: { steps: [{ start: one }, { start: two }, { sleep: 1s }] } }
`);
  expect(played.of('run.deadlock')).toEqual([]);
  expect(played.ended('one')).toMatchObject({ state: 'stopped', why: 'the run is over' });
  expect(played.end).toMatchObject({ exitCode: 0, outcome: 'success' });
});
