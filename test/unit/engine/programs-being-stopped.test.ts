import { describe, expect, it } from 'vitest';
import { answers, ask } from '../../rig/virtual-ask.ts';

/** `a` has its stop signal at 20, and ends at 100. */
const leaving = 'a: { command: ignore SIGTERM; sleep 100; exit 0';

describe('a program that was sent its stop signal', () => {
  it('is given what is free or there, waits for nothing, and may say what it has to say', () => {
    const played = ask(
      `
locks: { free: , held: }
semaphores: { none: 0 }
events: { never: }
queues: { full: { items: [1], capacity: 1 }, filled: { items: [x] }, empty: }
values: { n: 1 }
processes:
  ${leaving}, uses: { full: put, filled: get, empty: [put, get] } }
  b: { command: sleep 1000, uses: { full: get, filled: put, never: set } }
`,
      [10, 'b', 'lock.acquire', { holds: 'held' }],
      [20, '@operator', 'process.terminate', { name: 'a' }],
      [30, 'a', 'lock.acquire', { holds: 'free' }],
      [31, 'a', 'lock.acquire', { holds: 'held' }],
      [32, 'a', 'semaphore.acquire', { holds: 'none', timeout_ms: 50 }],
      [33, 'a', 'event.wait', { name: 'never' }],
      [34, 'a', 'queue.get', { name: 'filled' }],
      [35, 'a', 'queue.get', { name: 'filled' }],
      [36, 'a', 'queue.put', { name: 'full', item: 2 }],
      [37, 'a', 'queue.put', { name: 'empty', item: 3 }],
      [38, 'a', 'value.add', { name: 'n' }],
      [39, 'a', 'process.join', { name: 'b' }],
      [40, 'a', 'lock.release', { holds: 'free' }],
    );
    expect(answers(played).slice(2)).toEqual([
      '3 at 30: {"tokens":{"free":1},"owner_died":[]}',
      '4 at 31: cancelled',
      '5 at 32: cancelled',
      '6 at 33: cancelled',
      '7 at 34: {"items":["x"]}',
      '8 at 35: cancelled',
      '9 at 36: cancelled',
      '10 at 37: {"put":1}',
      '11 at 38: 2',
      '12 at 39: cancelled',
      '13 at 40: null',
    ]);
  });

  it('keeps its queue open until it has ended: what it puts last is got', () => {
    const played = ask(
      `queues: { q: }\nprocesses:\n  ${leaving}, uses: { q: put } }\n  b: { command: sleep 1000, uses: { q: get } }\n`,
      [10, 'b', 'queue.get', { name: 'q' }],
      [20, '@operator', 'process.terminate', { name: 'a' }],
      [30, 'a', 'queue.put', { name: 'q', item: 'last' }],
      [40, 'b', 'queue.get', { name: 'q' }],
    );
    expect(answers(played)).toEqual(['2 at 20: null', '3 at 30: {"put":1}', '1 at 30: {"items":["last"]}', '4 at 100: end_of_stream']);
  });

  it('has taken what is left in its queue until it has ended: only then a put is broken', () => {
    const played = ask(
      `queues: { q: { capacity: 1 } }\nprocesses:\n  ${leaving}, uses: { q: get } }\n  b: { command: sleep 1000, uses: { q: put } }\n`,
      [10, 'b', 'queue.put', { name: 'q', items: [1, 2, 3] }],
      [20, '@operator', 'process.terminate', { name: 'a' }],
      [30, 'a', 'queue.get', { name: 'q' }],
    );
    expect(answers(played)).toEqual(['2 at 20: null', '3 at 30: {"items":[1]}', '1 at 100: broken']);
  });

  it('may still set the event, notify and fill the barrier that others wait for', () => {
    const played = ask(
      `
locks: { l: }
events: { e: , never: }
conditions: { c: { lock: l } }
barriers: { start: { parties: 2 }, unmet: { parties: 2 } }
processes:
  ${leaving}, uses: { e: set, never: set, c: notify, start: wait, unmet: wait } }
  b: { command: sleep 1000, uses: { start: wait, unmet: wait } }
`,
      [5, 'b 1/1', 'lock.acquire', { holds: 'l' }],
      [10, 'b 1/1', 'condition.wait', { name: 'c' }],
      [10, 'b 1/2', 'event.wait', { name: 'e' }],
      [10, 'b 1/3', 'event.wait', { name: 'never' }],
      [10, 'b 1/4', 'barrier.wait', { name: 'start' }],
      [10, 'b 1/5', 'barrier.wait', { name: 'unmet' }],
      [20, '@operator', 'process.terminate', { name: 'a' }],
      [30, 'a', 'event.set', { name: 'e' }],
      [40, 'a', 'lock.acquire', { holds: 'l' }],
      [41, 'a', 'condition.notify', { name: 'c' }],
      [42, 'a', 'lock.release', { holds: 'l' }],
      [50, 'a', 'barrier.wait', { name: 'start' }],
    );
    const told = answers(played).filter((text) => /^[2-6] at/u.test(text));
    expect(told).toEqual(['3 at 30: true', '2 at 42: true', '5 at 50: 0', '4 at 100: impossible', '6 at 100: broken']);
  });

  it('gives what it puts last to a daemon, where the whole run is stopped', () => {
    const played = ask(
      `queues: { q: }\nprocesses:\n  ${leaving}, uses: { q: put } }\ndaemons:\n  d: { steps: [{ each: q, as: item, do: [print: 'got \${{ vars.item }}'] }] }\n`,
      [20, '@operator', 'run.shutdown', { code: 0 }],
      [30, 'a', 'queue.put', { name: 'q', item: 'last' }],
    );
    expect(played.lines('d')).toEqual(['got last']);
    expect(played.endedAt('a')).toBe(100);
  });

  it('keeps its queue open in a task of a pool, too', () => {
    const played = ask(
      `queues: { q: }\npools: { p: { workers: 2, command: ignore SIGTERM; sleep 100; exit 0, tasks: [x, y, z], uses: { q: put } } }\nprocesses:\n  b: { command: sleep 1000, uses: { q: get } }\n`,
      [10, 'b', 'queue.get', { name: 'q' }],
      [20, '@operator', 'pool.terminate', { name: 'p' }],
      [30, 'p-2', 'queue.put', { name: 'q', item: 'last' }],
      [40, 'b', 'queue.get', { name: 'q' }],
    );
    expect(answers(played)).toEqual(['2 at 20: null', '3 at 30: {"put":1}', '1 at 30: {"items":["last"]}', '4 at 100: end_of_stream']);
  });
});
