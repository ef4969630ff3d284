import { expect, it } from 'vitest';
import type { Operation } from '../../../src/sync/operation.ts';
import { acquire, release, TablePlay } from './table-play.ts';

const file = { kind: 'lock', name: 'file', reentrant: false } as const;
const tree = { kind: 'lock', name: 'tree', reentrant: true } as const;
const changed = { kind: 'condition', name: 'changed', lock: 'file' } as const;
const grown = { kind: 'condition', name: 'grown', lock: 'tree' } as const;

const wait: Operation = { verb: 'wait_condition', name: 'changed' };

function notify(count: number | 'all' = 1, name = 'changed'): Operation {
  return { verb: 'notify', name, count };
}

/** A table where these instances wait for `changed` as requests 2, 4, 6 …, and `z` holds the lock. */
function playWithWaiters(...instances: readonly string[]): TablePlay {
  const play = new TablePlay(file, changed);
  for (const instance of instances) {
    play.ask(instance, acquire('file'));
    play.ask(instance, wait);
  }
  play.ask('z', acquire('file'));
  return play;
}

it('needs its lock held to wait and to notify', () => {
  const play = new TablePlay(file, changed);
  expect(play.ask('a', wait)).toEqual(['1 not_owner']);
  expect(play.ask('a', notify())).toEqual(['2 not_owner']);
});

it('gives the lock up to the next while it waits', () => {
  const play = new TablePlay(file, changed);
  play.ask('a', acquire('file'));
  play.ask('b', acquire('file'));
  expect(play.ask('a', wait)).toEqual(['2 granted']);
  expect(play.ask('b', notify())).toEqual(['4 granted']);
  expect(play.ask('b', release('file'))).toEqual(['5 granted', '3 granted']);
  expect(play.ask('a', release('file'))).toEqual(['6 granted']);
});

it('notifies in order of arrival, as many as asked for', () => {
  const play = playWithWaiters('a', 'b', 'c');
  expect(play.ask('z', notify(2))).toEqual(['8 granted']);
  expect(play.ask('z', release('file'))).toEqual(['9 granted', '2 granted']);
  expect(play.ask('a', release('file'))).toEqual(['10 granted', '4 granted']);
  expect(play.ask('b', release('file'))).toEqual(['11 granted']);
  expect(play.waiting()).toEqual([6]);
});

it('lines those who are notified up behind those who wait for the lock already', () => {
  const play = playWithWaiters('a');
  play.ask('y', acquire('file'));
  play.ask('z', notify('all'));
  expect(play.ask('z', release('file'))).toEqual(['6 granted', '4 granted']);
  expect(play.ask('y', release('file'))).toEqual(['7 granted', '2 granted']);
});

it('comes back as often inside a reentrant lock as it was', () => {
  const play = new TablePlay(tree, grown);
  play.ask('a', acquire('tree'));
  play.ask('a', acquire('tree'));
  play.ask('a', { verb: 'wait_condition', name: 'grown' });
  expect(play.ask('b', acquire('tree'))).toEqual(['4 granted']);
  play.ask('b', notify(1, 'grown'));
  expect(play.ask('b', release('tree'))).toEqual(['6 granted', '3 granted']);
  play.ask('a', release('tree'));
  expect(play.ask('c', acquire('tree'), 0)).toEqual(['8 timed_out']);
  play.ask('a', release('tree'));
  expect(play.ask('c', acquire('tree'), 0)).toEqual(['10 granted']);
});

it('has the lock again before it says that its time ran out', () => {
  const play = new TablePlay(file, changed);
  play.ask('a', acquire('file'));
  play.ask('a', wait, 5);
  play.ask('b', acquire('file'));
  expect(play.advance(5)).toEqual([]);
  expect(play.table.nextDeadlineMs()).toBeNull();
  expect(play.ask('b', release('file'))).toEqual(['4 granted', '2 timed_out']);
  expect(play.ask('a', release('file'))).toEqual(['5 granted']);
});

it('with no time at all gives the lock up and takes it back in turn', () => {
  const play = new TablePlay(file, changed);
  play.ask('a', acquire('file'));
  expect(play.ask('a', wait, 0)).toEqual(['2 timed_out']);
  play.ask('b', acquire('file'));
  expect(play.ask('a', wait, 0)).toEqual(['3 granted']);
  expect(play.ask('b', release('file'))).toEqual(['5 granted', '4 timed_out']);
});

it('semantics 4: fails, with the lock held again, when nobody can still notify', () => {
  const play = playWithWaiters('a', 'b');
  expect(play.close({ type: 'orphan', name: 'changed' })).toEqual([]);
  expect(play.ask('z', wait)).toEqual(['6 impossible']);
  expect(play.ask('z', release('file'))).toEqual(['7 granted', '2 impossible']);
  expect(play.ask('a', release('file'))).toEqual(['8 granted', '4 impossible']);
  expect(play.ask('b', release('file'))).toEqual(['9 granted']);
});

it('is cancelled without taking the lock back', () => {
  const play = playWithWaiters('a');
  expect(play.cancel(2)).toEqual(['2 cancelled']);
  expect(play.ask('a', release('file'))).toEqual(['4 not_owner']);
});

it.each(['cancel', 'end'] as const)('passes a notification on whose receiver is gone before it has the lock: %s', (how) => {
  const play = playWithWaiters('a', 'b');
  play.ask('z', notify());
  expect(how === 'cancel' ? play.cancel(2) : play.end('a')).toEqual(['2 cancelled']);
  expect(play.ask('z', release('file'))).toEqual(['7 granted', '4 granted']);
});

it('forgets a notification that nobody waited for', () => {
  const play = new TablePlay(file, changed);
  play.ask('a', acquire('file'));
  play.ask('a', notify('all'));
  expect(play.ask('a', wait)).toEqual([]);
});

it('shows in a snapshot what a wait still lacks', () => {
  const play = playWithWaiters('a', 'b');
  play.ask('z', notify());
  expect(play.table.snapshot().waiting).toMatchObject([
    { requestId: 4, names: ['changed'], reacquisition: { lock: 'file', depth: 1, until: 'notify' } },
    { requestId: 2, names: ['file'], reacquisition: { lock: 'file', depth: 1, until: 'granted' } },
  ]);
});
