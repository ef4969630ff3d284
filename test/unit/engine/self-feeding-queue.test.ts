import { describe, expect, it } from 'vitest';
import { wait } from '../../rig/waiting-programs.ts';

describe('a queue that only its own readers feed', () => {
  it.each([
    ['get, put', {}, 'end_of_stream'],
    ['get, put', { a: { 1: ['other'] } }, undefined],
    ['get, put, task_done', {}, undefined],
  ] as const)('is at its end where its programs only wait for it (%s, %j)', (verbs, others, expected) => {
    const spec = `
queues: { q: { items: [x] } }
processes:
  a: { command: sleep 3000, uses: { q: [${verbs}] } }
  b: { command: sleep 3000, uses: { q: [${verbs}] } }
`;
    const played = wait(
      spec,
      [
        [10, 'a 1/1', 'queue.get', { name: 'q' }],
        [20, 'a 1/1', 'queue.get', { name: 'q' }],
        [20, 'b 2/1', 'queue.get', { name: 'q' }],
      ],
      others,
    );
    const early = played.answers.filter(({ atMs, call }) => atMs < 1000 && call > 1).map(({ answer }) => (answer.ok ? '' : answer.error.kind));
    expect(early.filter((kind) => kind === 'end_of_stream')).toHaveLength(expected === undefined ? 0 : 2);
    // What has an item in hand may still put what comes of it: that nobody goes on is a deadlock.
    expect(played.end.exitCode).toBe(verbs.includes('task_done') ? 5 : 0);
  });

  it('is at its end as well once all that was in hand is done', () => {
    const spec = `
queues: { q: { items: [x] } }
processes:
  a: { command: sleep 3000, uses: { q: [get, put, task_done] } }
`;
    const played = wait(spec, [
      [10, 'a 1/1', 'queue.get', { name: 'q' }],
      [20, 'a 1/1', 'queue.task_done', { name: 'q' }],
      [30, 'a 1/1', 'queue.get', { name: 'q' }],
    ]);
    const last = played.answers.find(({ call }) => call === 3);
    expect(last?.atMs).toBeLessThan(1000);
    expect(last?.answer).toMatchObject({ ok: false, error: { kind: 'end_of_stream' } });
    expect(played.end.exitCode).toBe(0);
  });
});
