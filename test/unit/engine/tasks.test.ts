import { describe, expect, it } from 'vitest';
import { planOf } from '../../rig/virtual-plan.ts';
import { play, type Played } from '../../rig/virtual-play.ts';
import { runVirtually } from '../../rig/virtual-world.ts';

/** The fates of a pool's tasks, in the order of their ends. */
function fates(played: Played): readonly string[] {
  return played.of('task.ended').map(({ fate }) => fate);
}

describe('a task whose streams are refused', () => {
  it.each([
    ['a line of it is not JSON, while it runs', 'command: "print {; forever", stdout: { queue: q, format: json }', 'a line for `q` is not JSON: {'],
    ['a line of it is not JSON, after its end', 'command: "print {", stdout: { queue: q, format: json }', 'a line for `q` is not JSON: {'],
    ['a step of it writes no JSON', 'steps: [{ run: "print {" }], stdout: { queue: q, format: json }', 'a line for `q` is not JSON: {'],
    ['its input is no line', 'command: read 0, stdin: { queue: r }', 'an item of `r` has a newline in it and is no line of text: use `format: json`'],
  ])('has failed: %s', (_, body, why) => {
    const played = play(`
on_failure: continue
queues: { q: , r: { items: ["x\\ny"] } }
pools: { p: { workers: 1, tasks: [a], ${body} } }
processes: { c: { steps: [{ each: q, do: [{ print: x }] }], uses: { q: put } } }
`);
    expect(played.of('task.ended')).toMatchObject([{ fate: 'failed', why }]);
    expect(played.ended('p')).toMatchObject({ state: 'failed', failed: 1, cancelled: 0 });
    expect(played.end.exitCode).toBe(1);
  });
});

describe('the time of a task', () => {
  it.each([
    ['a command that ends in time', 'command: "sleep 20; cling 500; exit 0", timeout: 50ms', 'succeeded'],
    ['a step that ends in time', 'steps: [{ run: "sleep 20; cling 500; exit 0", timeout: 50ms }]', 'succeeded'],
    ['a command that does not', 'command: "sleep 70; cling 500; exit 0", timeout: 50ms', 'timed_out'],
  ])('is over with its leader, whatever that leaves behind: %s', (_, body, fate) => {
    const played = play(`pools: { p: { workers: 1, tasks: [a], ${body} } }`);
    expect(fates(played)).toEqual([fate]);
    expect(played.of('task.ended')).toHaveLength(1);
  });

  it('does not make a task of a stopped pool one that timed out', () => {
    const played = play(`
pools: { p: { workers: 1, tasks: [a], timeout: 50ms, command: "ignore SIGTERM; forever", stop: { grace_period: 100ms } } }
processes: { c: { steps: [{ sleep: 20ms }, { terminate: p }] } }
`);
    expect(fates(played)).toEqual(['cancelled']);
  });
});

describe('results for a queue', () => {
  it('that only `finally` empties are a deadlock, which ends the pool all the same', () => {
    const played = play(`
queues: { r: { capacity: 1 } }
pools: { p: { workers: 1, tasks: [a, b, c, d], command: sleep 1, results: { queue: r } } }
finally: { f: { steps: [{ each: r, as: x, do: [{ print: "\${{ vars.x.task }}" }] }] } }
`);
    expect(played.of('run.deadlock')).toMatchObject([{ circle: false, cycle: [{ instance: 'p', waits: { kind: 'queue', name: 'r', detail: 'put' } }] }]);
    expect(played.of('warning')).toMatchObject([
      { code: 'MP841', message: '3 results of `p` were not taken: it was stopped before there was room in their queue' },
    ]);
    expect(played.lines('f')).toEqual(['0']);
    expect(played.end.exitCode).toBe(5);
  });

  it('do not keep a pool open that is stopped', () => {
    const played = play(`
queues: { r: { capacity: 1 } }
pools: { p: { workers: 2, tasks: [1, 1, 1, 500, 500], command: sleep $MPCTL_ITEM, results: { queue: r } } }
processes: { c: { steps: [{ sleep: 20ms }, { terminate: p }, { join: p }, { each: r, as: x, do: [{ print: "\${{ vars.x.task }}" }] }] } }
`);
    expect(played.ended('p')).toMatchObject({ at: 20, state: 'stopped', succeeded: 3, cancelled: 2 });
    expect(played.lines('c')).toEqual(['0']);
  });
});

describe('holds of a task that can never be had', () => {
  it('fail it, without an attempt and without another', () => {
    const plan = planOf(`
semaphores: { s: 1 }
pools: { p: { workers: 1, tasks: [a, b], command: "sleep 1", with: [s], retry: { attempts: 3 } } }
`);
    const pools = plan.pools.map((pool) => ({ ...pool, holds: [{ name: 's', permits: 2 }] }));
    const { events, end } = runVirtually({ ...plan, pools });
    const ended = events.filter((event) => event.type === 'task.ended');
    expect(ended.map(({ fate, attempts }) => [fate, attempts])).toEqual([['failed', 0], ['failed', 0]]);
    expect(events.filter((event) => event.type === 'task.retrying')).toEqual([]);
    expect(end.exitCode).toBe(1);
  });
});
