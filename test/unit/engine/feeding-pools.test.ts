import { describe, expect, it } from 'vitest';
import { answers, ask } from '../../rig/virtual-ask.ts';
import { play } from '../../rig/virtual-play.ts';

describe('a pool whose tasks submit further tasks', () => {
  it('ends when none of them runs any more', () => {
    const played = ask(
      'pools: { crawl: { workers: 1, tasks: [a], command: sleep 20, uses: { crawl: submit } } }',
      [10, 'crawl-1', 'pool.submit', { name: 'crawl', items: ['b', 'c'] }],
      [50, 'crawl-1', 'pool.submit', { name: 'crawl', item: 'd' }],
    );
    expect(answers(played)).toEqual(['1 at 10: {"tasks":[1,2]}', '2 at 50: {"tasks":[3]}']);
    expect(played.ended('crawl')).toMatchObject({ at: 80, state: 'succeeded' });
    expect(played.end).toMatchObject({ outcome: 'success', exitCode: 0 });
  });

  it('ends with another one that they submit to, and that submits to them', () => {
    const played = ask(
      `
pools:
  fetch: { workers: 1, tasks: [a], command: sleep 20, uses: { parse: submit } }
  parse: { workers: 1, command: sleep 20, uses: { fetch: submit } }
`,
      [10, 'fetch-1', 'pool.submit', { name: 'parse', item: 'b' }],
      [25, 'parse-1', 'pool.submit', { name: 'fetch', item: 'c' }],
    );
    expect([played.ended('fetch'), played.ended('parse')]).toMatchObject([{ at: 45, state: 'succeeded' }, { at: 45, state: 'succeeded' }]);
    expect(played.end).toMatchObject({ outcome: 'success' });
  });

  it('waits for those that others may still submit', () => {
    const played = ask(
      `
pools: { crawl: { workers: 1, tasks: [a], command: sleep 20, uses: { crawl: submit } } }
processes: { seeder: { command: sleep 100, uses: { crawl: submit } } }
`,
      [90, 'seeder', 'pool.submit', { name: 'crawl', item: 'b' }],
    );
    expect(played.ended('crawl')).toMatchObject({ at: 110, state: 'succeeded' });
  });
});

it('the tasks of a pool keep nothing open when none runs and none can come', () => {
  const played = play(`
events: { go: }
pools: { p: { workers: 1, tasks: [a], command: sleep 20, uses: { p: submit, go: set } } }
processes: { w: { steps: [{ wait: go, allow_failure: true }] } }
`);
  expect(played.ended('w')).toMatchObject({ at: 20, state: 'succeeded' });
  expect(played.end).toMatchObject({ outcome: 'success' });
});

it('a pool whose slots are all taken by tasks that wait for ever is stuck, whoever may still submit to it', () => {
  const text = `
events: { go: }
pools: { p: { workers: 1, tasks: [1], steps: [{ wait: go }] } }
daemons: { d: { uses: { p: submit }, command: forever } }
processes: { z: { steps: [{ join: p }, { set: go }] } }
`;
  expect(play(text).end.exitCode).toBe(5);
});

it.each([
  ['submit to it', 'tasks: [1], steps: [{ wait: go }]', '{ p: submit }', '{ join: p }, { set: go }'],
  ['put into its queue', 'tasks: { queue: q }, steps: [{ wait: go }]', '{ q: put }', '{ join: p }, { set: go }'],
  ['submit to it, and one of its tasks holds what another process waits for', 'tasks: [1], steps: [{ acquire: l }, { sleep: 10ms }, { acquire: m }]', '{ p: submit }', '{ acquire: m }, { sleep: 10ms }, { acquire: l }'],
])('a pool with a free slot is stuck whose tasks wait for ever, though a daemon may still %s', (_, pool, uses, process) => {
  const text = `
locks: { l: , m: }
events: { go: }
queues: { q: { items: [1], capacity: 5 } }
pools: { p: { workers: 2, ${pool} } }
daemons: { d: { uses: ${uses}, command: forever } }
processes: { z: { steps: [${process}] } }
`;
  const played = play(text);
  expect(played.end.exitCode).toBe(5);
  expect(played.of('run.deadlock')[0]?.cycle.map(({ instance }) => instance)).toEqual(['z', 'p']);
});

it('a pool with a free slot is not stuck where a task that somebody may still submit does what the others wait for', () => {
  const text = `
events: { go: }
queues: { q: { capacity: 1 } }
pools: { p: { workers: 2, tasks: [a], steps: [{ get: q, block: false, on_timeout: [{ wait: go }] }, { set: go }] } }
daemons: { d: { steps: [{ sleep: 1s }, { put: q, item: 1 }, { submit: p, item: b }] } }
processes: { z: { steps: [{ join: p }] } }
`;
  const played = play(text);
  expect([played.end.exitCode, played.of('run.deadlock')]).toEqual([0, []]);
});
