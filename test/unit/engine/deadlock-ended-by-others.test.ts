import { expect, it } from 'vitest';
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
