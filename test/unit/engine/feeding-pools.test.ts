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
