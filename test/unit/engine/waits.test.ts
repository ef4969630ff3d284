import { describe, expect, it } from 'vitest';
import type { WaitReason } from '../../../src/engine/run-event.ts';
import { describeWaits } from '../../../src/report/describe-wait.ts';
import { play, type Played } from '../../rig/virtual-play.ts';

/** What is told of the waits of one instance or pool, each with its time, as people read it. */
function told(played: Played, name: string): readonly string[] {
  return played.events.flatMap((event) => {
    const waits: readonly WaitReason[] | null =
      (event.type === 'instance.waiting' && event.instance === name) || (event.type === 'pool.waiting' && event.pool === name) ? event.for : null;
    return waits === null || waits.length === 0 ? [] : [`${event.at}: ${describeWaits(waits).replace('waiting for ', '')}`];
  });
}

describe('the time of a wait', () => {
  it('a sleep says it as a spec would write it', () => {
    expect(told(play('processes: { a: { steps: [{ sleep: 1h30m }] } }'), 'a')).toEqual(['0: 1h30m to pass']);
  });

  it('at a barrier without a time of its own it is that of the barrier', () => {
    const played = play(`
on_failure: continue
barriers: { early: { parties: 2, timeout: 200ms }, late: { parties: 2, timeout: 300ms } }
processes:
  a: { wait_for: [early], command: sleep 1 }
  b: { steps: [{ wait: late }] }
  c: { steps: [{ sleep: 1s }, { wait: early }, { wait: late }] }
`);
    expect(played.ended('a')).toMatchObject({ at: 200, why: '`early` did not come within 200ms' });
    expect(played.ended('b')).toMatchObject({ at: 300, why: '`wait` timed out after 300ms' });
  });

  it('a barrier that will break by its own timeout is no deadlock', () => {
    const played = play(`
on_failure: continue
barriers: { meet: { parties: 2, timeout: 200ms } }
locks: { l: }
processes:
  a: { steps: [{ with: l, do: [{ wait: meet }] }] }
  b: { steps: [{ sleep: 10ms }, { with: l, do: [{ wait: meet }] }] }
`);
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.ended('a')).toMatchObject({ at: 200, why: '`wait` timed out after 200ms' });
  });
});

describe('who could end a wait', () => {
  it('is told anew when the lock has gone to another', () => {
    const played = play(`
locks: { l: }
processes:
  h: { command: sleep 300, with: l }
  w1: { command: sleep 600, with: l }
  w2: { command: sleep 1, with: l }
`);
    expect(told(played, 'w1')).toEqual(['0: lock `l`, held by `h`']);
    expect(told(played, 'w2')).toEqual(['0: lock `l`, held by `h`', '350: lock `l`, held by `w1`']);
  });

  it('is told anew when one of them has ended', () => {
    const played = play(`
events: { go: }
processes:
  a: { steps: [{ wait: go }] }
  b: { command: sleep 100, uses: { go: set } }
  c: { command: sleep 400, sets: { exit: go } }
`);
    expect(told(played, 'a')).toEqual(['0: event `go`, can be set by `b` and `c`', '150: event `go`, can be set by `c`']);
  });

  it('at a barrier is whoever has not come yet', () => {
    const played = play(`
barriers: { b: { parties: 4 } }
pools: { p: { workers: 1, tasks: [x], steps: [{ sleep: 100ms }, { wait: b }] } }
processes:
  a: { wait_for: [b], command: sleep 1 }
  late: { replicas: 2, steps: [{ sleep: 500ms }, { wait: b }] }
`);
    expect(told(played, 'a')).toEqual(['0: barrier `b`, still to come: `late-1`, `late-2` and `p`', '150: barrier `b`, still to come: `late-1` and `late-2`']);
  });

  it('of the items of a queue are its consumers', () => {
    const played = play(`
queues: { q: { items: [1] } }
processes:
  j: { steps: [{ join: q }] }
  c: { steps: [{ sleep: 300ms }, { get: q }, { sleep: 100ms }, { task_done: q }] }
`);
    expect(told(played, 'j')).toEqual(['0: the items of queue `q` to be done, taken by `c`']);
    expect(played.endedAt('j')).toBe(400);
  });

  it('of a pipe is the other end', () => {
    const played = play(`
pipes: { p: { from: a, to: b, capacity: 1 }, d: { between: [a, b] } }
processes:
  a: { steps: [{ sleep: 100ms }, { send: p, item: 1 }, { send: p, item: 2 }, { send: p, item: 3 }, { send: d, item: 3 }] }
  b: { steps: [{ recv: p }, { sleep: 100ms }, { recv: p }, { recv: p }, { recv: d }] }
`);
    expect(told(played, 'b')[0]).toBe('0: a message on pipe `p`, sent by `a`');
    expect(told(played, 'a')).toContain('100: room in pipe `p`, read by `b`');
  });

  it('of `max_parallel` is known although both ask in the same moment', () => {
    const played = play(`
max_parallel: 1
processes: { a: { command: sleep 100 }, b: { steps: [{ run: sleep 100 }] } }
`);
    expect(told(played, 'b')).toEqual(['0: `max_parallel`, held by `a`']);
  });

  it('is left out of what is free, and named once that is taken', () => {
    const played = play(`
locks: { l: , m: }
semaphores: { s: 2 }
processes:
  a: { command: sleep 300, with: l }
  b: { steps: [{ sleep: 50ms }, { acquire: [l, m, s] }] }
  c: { steps: [{ sleep: 100ms }, { with: m, do: [{ sleep: 100ms }] }] }
`);
    expect(told(played, 'b').slice(1)).toEqual(['50: lock `l`, held by `a`', '150: lock `l`, held by `a`; lock `m`, held by `c`', '250: lock `l`, held by `a`']);
  });

  it('is looked for together where many wait', () => {
    const played = play(`
locks: { l: }
processes: { a: { replicas: 100, steps: [{ with: l, do: [{ sleep: 10ms }] }] } }
`);
    expect(played.of('instance.waiting').length).toBeLessThan(500);
  });
});
