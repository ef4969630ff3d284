import { describe, expect, it } from 'vitest';
import { ask } from '../../rig/virtual-ask.ts';

describe('who looks at what is being stopped', () => {
  const look = (atMs: number) => [atMs, '@operator', 'run.look', {}] as const;
  const terminate = (atMs: number, name: string, kind = 'process') => [atMs, '@operator', `${kind}.terminate`, { name }] as const;
  const why = 'a user asked for it (`stop`)';

  it.each([
    ['a command', '{ command: ignore SIGTERM; sleep 10000 }', { signal: 'SIGTERM', next_in_ms: 4990 }],
    ['steps', '{ steps: [{ run: ignore SIGTERM; sleep 10000 }] }', { signal: 'SIGTERM', next_in_ms: 4990 }],
    ['what has a signal and a time of its own', '{ command: ignore SIGINT; sleep 10000, stop: { signal: SIGINT, grace_period: 1s } }', { signal: 'SIGINT', next_in_ms: 990 }],
    ['what has a stop command', '{ command: ignore SIGTERM; sleep 10000, stop: { command: sleep 100, grace_period: 1s } }', { signal: 'command', next_in_ms: 990 }],
  ])('sees with which signal, and when it is killed: %s', (_, process, stopping) => {
    const played = ask(`processes: { a: ${process}, b: { command: sleep 50 } }`, terminate(10, 'a'), look(20));
    expect(played.answers.at(1)?.answer).toMatchObject({
      ok: true,
      value: { processes: [{ name: 'a', state: 'stopping', is_alive: true, stopping: { ...stopping, why } }, { name: 'b', state: 'running', stopping: null }] },
    });
  });

  it('sees that the last time of the run is over before its own', () => {
    const played = ask(
      'processes: { a: { command: ignore SIGTERM; sleep 10000, depends_on: { b: { condition: start } } }, b: { command: ignore SIGTERM; sleep 10000 } }',
      [10, '@operator', 'run.shutdown', {}],
      look(5020),
    );
    expect(played.answers.at(1)?.answer).toMatchObject({
      ok: true,
      value: { processes: [{ name: 'a', state: 'stopped', stopping: null }, { name: 'b', stopping: { signal: 'SIGTERM', next_in_ms: 1990 } }] },
    });
  });

  it('sees nothing of it where only the time of a step is over', () => {
    const played = ask('processes: { a: { steps: [{ run: ignore SIGTERM; sleep 10000, timeout: 5ms }] } }', look(20));
    expect(played.answers.at(0)?.answer).toMatchObject({ value: { processes: [{ state: 'running', stopping: null }] } });
  });

  it('sees it of a pool with its tasks, and that one which nobody has started is idle', () => {
    const played = ask(
      'pools: { p: { workers: 2, command: ignore SIGTERM; sleep 10000, tasks: [x, y] }, late: { command: sleep 1, tasks: [x], autostart: false } }',
      terminate(10, 'p', 'pool'),
      look(20),
    );
    expect(played.answers.at(1)?.answer).toMatchObject({
      ok: true,
      value: { pools: [{ name: 'p', state: 'stopping', stopping: { signal: 'SIGTERM', next_in_ms: 4990, why } }, { name: 'late', state: 'idle', stopping: null }] },
    });
  });
});
