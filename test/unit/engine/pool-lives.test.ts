import { describe, expect, it } from 'vitest';
import { RunRecord } from '../../../src/report/run-record.ts';
import { play, type Played } from '../../rig/virtual-play.ts';

/** The items of a pool's tasks with their fates, in the order of their ends. */
function fates(played: Played): readonly string[] {
  return played.of('task.ended').map(({ task, item, fate }) => `${task} ${JSON.stringify(item)} ${fate}`);
}

describe('a pool that has ended is started again', () => {
  it('runs its tasks once more, and is waited for with `join`', () => {
    const played = play(`
pools: { p: { workers: 1, tasks: [a, b], command: sleep 10 } }
processes: { s: { steps: [{ join: p }, { print: first }, { start: p }, { print: started }, { join: p }, { print: second }] } }
`);
    expect(fates(played)).toEqual(['0 "a" succeeded', '1 "b" succeeded', '0 "a" succeeded', '1 "b" succeeded']);
    expect(played.output.filter(({ instance }) => instance === 's').map(({ atMs, text }) => [atMs, text])).toEqual([
      [20, 'first'],
      [20, 'started'],
      [40, 'second'],
    ]);
    expect(played.of('pool.started').map(({ at }) => at)).toEqual([0, 20]);
    expect(played.ended('p')).toMatchObject({ state: 'succeeded', succeeded: 2, durationMs: 20 });
    expect(played.end.exitCode).toBe(0);
  });

  it('fails the step while it is alive', () => {
    const played = play(`
pools: { p: { workers: 1, tasks: [a], command: sleep 10 } }
processes: { s: { steps: [{ start: p }] } }
`);
    expect(played.ended('s')).toMatchObject({ state: 'failed', why: '`p` is alive already' });
  });

  it('goes on with its queue', () => {
    const played = play(`
queues: { q: { items: [a, b, c] } }
pools: { p: { workers: 1, tasks: { queue: q }, command: sleep 10 } }
processes: { s: { steps: [{ sleep: 5ms }, { terminate: p }, { join: p }, { sleep: 100ms }, { start: p }, { join: p }, { print: done }] } }
`);
    const items = played.of('task.ended').map(({ item, fate }) => [item, fate]);
    expect(items).toEqual([['a', 'cancelled'], ['b', 'succeeded'], ['c', 'succeeded']]);
    expect(played.lines('s')).toEqual(['done']);
    expect(played.endedAt('p')).toBe(125);
  });

  it('takes what is submitted to it, and still gives the values of its life before', () => {
    const played = play(`
pools: { p: { workers: 1, command: print got $MPCTL_ITEM } }
processes:
  s:
    steps:
      - { submit: p, item: a, as: old }
      - { sleep: 5ms }
      - { terminate: p }
      - { join: p }
      - { start: p }
      - { submit: p, item: b, as: new }
      - { result: new, as: v }
      - { result: old, as: w }
      - { print: "\${{ vars.v }}, \${{ vars.w }}" }
`);
    expect(played.lines('s')).toEqual(['got b, got a']);
    expect(played.ended('p').state).toBe('succeeded');
  });

  it('begins anew after a halt, and waits for what it depends on again', () => {
    const played = play(`
on_failure: continue
pools: { p: { workers: 1, tasks: [a, b], command: exit 1, halt: { after: 1 }, depends_on: { d: { condition: exit } } } }
processes: { d: { command: sleep 5 }, s: { steps: [{ join: p }, { start: p }, { join: p }] } }
`);
    expect(fates(played)).toEqual(['0 "a" failed', '1 "b" cancelled', '0 "a" failed', '1 "b" cancelled']);
  });

  it('reads its lines from their beginning', () => {
    const played = play(`
pools: { p: { workers: 1, tasks: { lines: f }, command: sleep 1 } }
processes: { s: { steps: [{ join: p }, { start: p }, { join: p }] } }
`, { sources: { p: ['x', 'y'] } });
    expect(fates(played)).toEqual(['0 "x" succeeded', '1 "y" succeeded', '0 "x" succeeded', '1 "y" succeeded']);
  });

  it.each([1, 2, 3, 4, 5, 6])('in whatever order the engine hears of things (seed %i)', (seed) => {
    const played = play(`
queues: { q: { items: [a, b, c, d] } }
pools: { p: { workers: 2, tasks: { queue: q }, command: sleep 10, results: { file: r } } }
processes: { s: { steps: [{ sleep: 15ms }, { terminate: p }, { join: p }, { start: p }, { join: p }, { start: p }, { join: p }] } }
`, { seed });
    expect(played.of('pool.ended')).toHaveLength(3);
    expect(played.ended('s').state).toBe('succeeded');
  });

  it('is counted anew by the views', () => {
    const played = play(`
pools: { p: { workers: 1, tasks: [a, b], command: sleep 10 } }
processes: { s: { steps: [{ join: p }, { start: p }, { join: p }] } }
`);
    const record = new RunRecord();
    record.handle({ v: 1, at: 0, type: 'run.started', run: 'r', name: 'n', spec: 's', pid: 1, folder: '/', containment: 'marker', instances: [], pools: [{ name: 'p', workers: 1 }] });
    for (const event of played.events) record.handle(event);
    expect(record.pools.get('p')).toMatchObject({ done: 2, fates: new Map([['succeeded', 2]]), startedAtMs: 20 });
  });
});
