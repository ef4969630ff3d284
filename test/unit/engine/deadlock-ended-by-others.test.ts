import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

/** `a` and `b` wait for each other as soon as `b` has slept. */
const each = `
locks: { l: }
events: { e: }
processes:
  a: { steps: [{ with: [l], do: [{ wait: e }] }], allow_failure: true }
  b: { steps: [{ sleep: 100ms }, { with: [l], do: [{ set: e }] }] }
`;

it.each(['terminate', 'kill'])('who wait for each other are no deadlock while somebody is about to `%s` one of them', (verb) => {
  const played = play(`${each}  c: { steps: [{ sleep: 1s }, { ${verb}: a }] }`);
  expect(played.of('run.deadlock')).toEqual([]);
  expect(played.end.exitCode).toBe(0);
});

it('nor is a pool that waits, while somebody is about to end it', () => {
  const played = play(`
events: { e: }
pools: { p: { tasks: [1], steps: [{ wait: e }] } }
processes:
  b: { steps: [{ join: p }, { set: e }] }
  c: { steps: [{ sleep: 1s }, { terminate: p }] }
`);
  expect(played.of('run.deadlock')).toEqual([]);
});

it('nor is whoever waits for one that was never started, while somebody is about to end it', () => {
  const played = play(`
processes:
  a: { autostart: false, steps: [{ print: x }] }
  b: { depends_on: [a], steps: [{ start: a }] }
  c: { steps: [{ sleep: 1s }, { kill: a }] }
`);
  expect(played.of('run.deadlock')).toEqual([]);
  expect(played.end.exitCode).toBe(0);
});

it('they are one as soon as nobody can still come to such a step', () => {
  const played = play(`${each}  c: { steps: [{ sleep: 50ms }, { with: [l], do: [{ terminate: a }] }] }`);
  expect(played.of('run.deadlock')[0]?.cycle.map(({ instance }) => instance)).toEqual(['a', 'b']);
  expect(played.end.exitCode).toBe(5);
});

/** `c` never comes to its start, and nobody minds; of `d` it is decided when `a` has failed. */
const refused = (waits: string): string => `
on_failure: continue
locks: { l: }
events: { e: , f: }
daemons:
  b: { with: [l], steps: [{ wait: f }] }
  c: { with: [l], steps: [{ set: f }] }
processes:
  a: { steps: [{ sleep: 1s }, { run: exit 1 }], sets: { success: e }, allow_failure: true }
  d: { ${waits}, command: exit 0 }
`;

it.each(['depends_on: { a: { condition: success }, c: { condition: start } }', 'wait_for: [f, e]'])('nor is whoever may yet be skipped, although one of those he waits for never comes: %s', (waits) => {
  expect(play(refused(waits)).of('run.deadlock')).toEqual([]);
});

it('nor is whoever may yet be skipped since the steps of a daemon come to their end', () => {
  const played = play(`
on_failure: continue
events: { e: , g: , h: }
processes:
  f: { wait_for: [e, g], allow_failure: true, command: exit 0 }
  z: { depends_on: { f: { condition: exit } }, steps: [{ set: g }, { set: h }] }
daemons:
  d: { allow_failure: true, steps: [{ sleep: 1s }, { wait: h, block: false, on_timeout: [{ exit: 1 }] }, { set: e }] }
`);
  expect(played.of('run.deadlock')).toEqual([]);
});

/** `a` waits at the barrier with what `b` needs before it comes there. */
const atBarrier = (third: string, parties = 2): string => `
on_failure: continue
locks: { l: }
events: { e: }
barriers: { meet: { parties: ${parties} } }
processes:
  a: { allow_failure: true, steps: [{ acquire: l }, { wait: meet }] }
  b: { steps: [{ sleep: 100ms }, { acquire: l }, { wait: meet, allow_failure: true }, { set: e }] }
  c: { allow_failure: true, ${third} }
`;

describe('those who meet at a barrier are no deadlock', () => {
  it.each(['abort', 'reset'])('while somebody is about to `%s` it', (verb) => {
    expect(play(atBarrier(`steps: [{ sleep: 1s }, { ${verb}: meet }]`)).of('run.deadlock')).toEqual([]);
  });

  it.each([
    ['that decides to do something else', 'steps: [{ sleep: 1s }, { wait: e, block: false, on_timeout: [{ exit: 1 }] }, { wait: meet }]'],
    ['that fails before', 'steps: [{ run: sleep 1000; exit 1 }, { wait: meet }]'],
    ['whose program does not', 'uses: { meet: wait }, command: sleep 1000; exit 1'],
  ])('as long as one of them may end without coming there: %s', (_, third) => {
    expect(play(atBarrier(third, 3)).of('run.deadlock')).toEqual([]);
  });

  it('but once that one has come', () => {
    const played = play(atBarrier('steps: [{ sleep: 1s }, { wait: meet }]', 3));
    expect(played.of('run.deadlock')[0]?.cycle.map(({ instance }) => instance)).toEqual(['a', 'b']);
    expect(played.end.exitCode).toBe(5);
  });

  it('but where nobody comes to that step any more', () => {
    expect(play(atBarrier('steps: [{ sleep: 1s }, { acquire: l }, { abort: meet }]')).end.exitCode).toBe(5);
  });

  it('but where only a daemon is missing, which goes on as long as they do', () => {
    const text = atBarrier('command: exit 0', 3).replace('processes:', 'daemons: { d: { uses: { meet: wait }, command: forever } }\nprocesses:');
    expect(play(text).end.exitCode).toBe(5);
  });
});
