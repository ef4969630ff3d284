import { expect, it } from 'vitest';
import type { Operation } from '../../../src/sync/operation.ts';
import { TablePlay } from './table-play.ts';

const go = { kind: 'event', name: 'go', set: false } as const;
const wait: Operation = { verb: 'wait_event', name: 'go' };
const set: Operation = { verb: 'set', name: 'go' };
const clear: Operation = { verb: 'clear', name: 'go' };

it('lets nobody through before it is set, and everybody afterwards', () => {
  const play = new TablePlay(go);
  expect(play.ask('a', wait)).toEqual([]);
  expect(play.ask('b', set)).toEqual(['2 granted', '1 granted']);
  expect(play.ask('c', wait)).toEqual(['3 granted']);
});

it('may be set from the beginning', () => {
  expect(new TablePlay({ ...go, set: true }).ask('a', wait)).toEqual(['1 granted']);
});

it('semantics 9: wakes everyone who waits at that moment, even if clear follows at once', () => {
  const play = new TablePlay(go);
  play.ask('a', wait);
  play.ask('b', wait);
  expect(play.ask('c', set)).toEqual(['3 granted', '1 granted', '2 granted']);
  play.ask('c', clear);
  expect(play.ask('d', wait)).toEqual([]);
});

it('semantics 4: fails every wait, now and later, when nobody can still set it', () => {
  const play = new TablePlay(go);
  play.ask('a', wait);
  expect(play.close({ type: 'orphan', name: 'go' })).toEqual(['1 impossible']);
  expect(play.ask('b', wait, 5)).toEqual(['2 impossible']);
});

it('counts a set that comes all the same', () => {
  const play = new TablePlay(go);
  play.close({ type: 'orphan', name: 'go' });
  play.ask('a', set);
  expect(play.ask('b', wait)).toEqual(['2 granted']);
  play.ask('a', clear);
  expect(play.ask('b', wait)).toEqual(['4 impossible']);
});

it('ends a wait by its deadline or never', () => {
  const play = new TablePlay(go);
  expect(play.ask('a', wait, 0)).toEqual(['1 timed_out']);
  play.ask('a', wait, 5);
  play.ask('b', wait, 3);
  expect(play.table.nextDeadlineMs()).toBe(3);
  expect(play.advance(2)).toEqual([]);
  expect(play.advance(3)).toEqual(['3 timed_out', '2 timed_out']);
  expect(play.table.nextDeadlineMs()).toBeNull();
});
