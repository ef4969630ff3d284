import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

const seeds = [undefined, 1, 2, 3, 4, 5, 6];

/** In whatever order things happen. */
function exitCodes(text: string): readonly number[] {
  return seeds.map((seed) => play(text, seed === undefined ? {} : { seed }).end.exitCode);
}

describe('an item of a queue stays there until a slot of the pool is free', () => {
  it('also where the pool has asked for it before a task that was submitted took the slot', () => {
    const text = `
queues: { q: }
events: { go: , begun: }
pools: { p: { workers: 1, tasks: { queue: q }, steps: [{ set: begun }, { wait: go }] } }
processes:
  m: { steps: [{ sleep: 2ms }, { submit: p, item: a }, { wait: begun }, { sleep: 5ms }, { put: q, item: 1 }, { join: x }, { put: q, item: 2 }] }
  x: { steps: [{ sleep: 5ms }, { get: q }, { set: go }] }
`;
    expect(exitCodes(text)).toEqual(seeds.map(() => 0));
  });

  it('also where a task that is tried again has taken the slot meanwhile', () => {
    const text = `
queues: { q: { items: [1] } }
locks: { l: }
pools: { p: { workers: 1, tasks: { queue: q }, with: l, command: exit 1 | exit 0, retry: { attempts: 2, backoff: { initial: 20ms } } } }
processes:
  m: { steps: [{ sleep: 60ms }, { put: q, item: 2 }, { join: x }, { put: q, item: 3 }] }
  x: { steps: [{ sleep: 10ms }, { acquire: l }, { sleep: 20ms }, { get: q }] }
`;
    expect(exitCodes(text)).toEqual(seeds.map(() => 0));
  });

  it('and is no part of a chunk', () => {
    const played = play('queues: { q: { items: [9, 9, 9] } }\npools: { p: { workers: 1, worker: hoard, chunk: 3, tasks: { queue: q } } }');
    expect(played.effects.flatMap((effect) => (effect.type === 'send_tasks' ? [effect.tasks.length] : []))).toEqual([1, 1, 1]);
  });
});
