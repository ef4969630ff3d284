import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

describe('a queue that feeds itself', () => {
  it('is not at its end while somebody waits for its next item with another one in hand', () => {
    const played = play(`
queues: { work: { items: [x] } }
processes:
  only: { steps: [{ each: work, as: item, do: [{ get: work }] }, { put: work, item: y }] }
`);
    expect(played.end.exitCode).toBe(5);
  });
});

describe('who can still act', () => {
  it('takes from a queue as well after having closed it: that only says that nothing more is put', () => {
    const played = play(`
on_failure: continue
queues: { work: }
processes:
  taker: { steps: [{ close: work }, { sleep: 20ms }, { each: work, as: item, do: [{ print: taken }] }] }
  giver: { steps: [{ sleep: 10ms }, { put: work, item: given }] }
`);
    expect(played.output.map(({ text }) => text)).toEqual(['taken']);
    expect(played.end.exitCode).toBe(0);
  });

  it('comes to no barrier any more once its start waits are over, whatever it still waits to hold', () => {
    const played = play(`
on_failure: continue
locks: { file: }
barriers: { meet: { parties: 2 } }
processes:
  early: { steps: [{ wait: meet }, { wait: meet, allow_failure: true }, { print: broken }] }
  late: { command: sleep 1, wait_for: [meet], with: file }
  holder: { command: sleep 500, with: file }
`);
    expect(played.output.map(({ atMs, text }) => [atMs, text])).toEqual([[0, 'broken']]);
  });

  it.each([
    ['the steps of its last round are behind it', '{ repeat: 2, do: [{ put: work, item: x }, { sleep: 100ms }] }', 100],
    ['the last element of its list is', '{ repeat: [a, b], as: letter, do: [{ put: work, item: x }, { sleep: 100ms }] }', 100],
  ])('puts nothing more from a `repeat` once %s', (_what, repeat, endedMs) => {
    const played = play(`
queues: { work: }
processes:
  giver: { steps: [${repeat}] }
  taker: { steps: [{ each: work, as: item, do: [{ print: taken }] }] }
`);
    expect(played.endedAt('taker')).toBe(endedMs);
    expect(played.endedAt('giver')).toBeGreaterThan(endedMs);
  });
});
