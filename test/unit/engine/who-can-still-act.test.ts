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

  it.each([
    ['a loop ends with a stream before an exit in it', 'p: { steps: [{ repeat: 1, do: [{ get: q }, { exit: 0 }] }, { set: e }] }, m: { steps: [{ sleep: 10ms }, { exit: 0 }, { put: q, item: 1 }] }, n: { steps: [{ sleep: 5ms }, { repeat: 0, do: [{ put: q, item: 1 }] }] }'],
    ['a failure before an exit is let pass', 'p: { steps: [{ with: l, allow_failure: true, do: [{ run: sleep 10; exit 1 }, { exit: 0 }] }, { set: e }] }'],
    ['a failure in a loop for ever is let pass', 'p: { steps: [{ repeat: forever, allow_failure: true, do: [{ run: sleep 10; exit 1 }] }, { set: e }] }'],
  ])('sets an event behind steps that need not end it, since %s', (_what, processes) => {
    const played = play(`
on_failure: continue
locks: { l: }
events: { e: }
queues: { q: }
processes: { ${processes}, w: { steps: [{ wait: e }, { print: set }] } }
`);
    expect(played.lines('w')).toEqual(['set']);
  });

  it.each([
    ['no round', '{ repeat: 0, do: [{ set: e }] }'],
    ['an exit in a list of its own', '{ with: l, do: [{ exit: 0 }] }, { set: e }'],
    ['an exit that is before it wherever it goes', '{ repeat: 2, do: [{ with: l, do: [{ exit: 0 }] }] }, { set: e }'],
    ['a time that is never over', '{ acquire: l, on_timeout: [{ set: e }] }'],
  ])('sets no event where that stands behind or in what is never done: %s', (_what, steps) => {
    const played = play(`
on_failure: continue
locks: { l: }
events: { e: , f: }
processes:
  p: { steps: [{ wait: f, allow_failure: true }, ${steps}] }
  w: { steps: [{ wait: e, allow_failure: true }, { set: f }] }
`);
    expect(played.end.exitCode).not.toBe(5);
  });

  it.each([
    ['who is not started yet', 'autostart: false,'],
    ['who has ended', ''],
  ])('sets no event where its steps never do, however often it may be started, of one %s', (_what, keys) => {
    const played = play(`
on_failure: continue
events: { e: , f: }
processes:
  p: { ${keys} steps: [{ exit: 0 }, { set: e }] }
  w: { steps: [{ sleep: 5ms }, { wait: e, allow_failure: true }, { start: p }] }
`);
    expect(played.end.exitCode).not.toBe(5);
  });

  it('sets no event from a pool that is yet to be started where its tasks never do', () => {
    const played = play(`
on_failure: continue
events: { e: }
pools:
  p: { autostart: false, tasks: [1], steps: [{ repeat: 0, do: [{ set: e }] }] }
processes:
  w: { steps: [{ wait: e, allow_failure: true }, { start: p }] }
`);
    expect(played.end.exitCode).not.toBe(5);
  });

  it('sets no event from a start that is yet to come where its steps never do', () => {
    const played = play(`
on_failure: continue
events: { e: , f: }
processes:
  p: { wait_for: [f], steps: [{ exit: 0 }, { set: e }] }
  w: { steps: [{ wait: e, allow_failure: true }, { set: f }] }
`);
    expect(played.end.exitCode).not.toBe(5);
  });
});
