import { expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';
import { wait } from '../../rig/waiting-programs.ts';

const spec = (b: string): string => `
locks: { l: , k: }
conditions: { c: { lock: l } }
processes:
  a: { steps: [{ sleep: 5ms }, { with: l, do: [{ acquire: k }] }] }
  b: ${b}
  n: { steps: [{ sleep: 300ms }, { with: l, do: [{ notify: c }] }] }
`;

it('whoever waits at a condition for a time is in a deadlock with who has its lock, and waits for what he has', () => {
  const played = play(spec('{ steps: [{ acquire: k }, { with: l, do: [{ wait: c, timeout: 20ms }] }] }'));
  expect(played.of('run.deadlock').flatMap(({ cycle }) => cycle.map(({ instance }) => instance))).toEqual(['a', 'b']);
  expect(played.of('run.deadlock')[0]?.cycle[1]?.waits).toEqual({ kind: 'hold', name: 'l', detail: 'lock', by: ['a'] });
  expect([played.end.exitCode, played.end.why]).toEqual([5, 'deadlock: `a` → `b`']);
});

it('so is a program that waits there', () => {
  const played = wait(spec('{ with: [k], command: sleep 5000 }'), [
    [1, 'b 1/1', 'lock.acquire', { holds: 'l' }],
    [2, 'b 1/1', 'condition.wait', { name: 'c', timeout_ms: 20 }],
  ]);
  expect(played.of('run.deadlock').flatMap(({ cycle }) => cycle.map(({ instance }) => instance))).toEqual(['a', 'b']);
});

it('he is in none where the lock comes back to him', () => {
  const played = play(spec('{ steps: [{ with: l, do: [{ wait: c, timeout: 20ms, on_timeout: continue }] }] }').replace('acquire: k', 'sleep: 100ms'));
  expect([played.end.exitCode, played.endedAt('b')]).toEqual([0, 105]);
});
