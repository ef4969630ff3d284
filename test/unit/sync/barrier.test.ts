import { expect, it } from 'vitest';
import type { Operation } from '../../../src/sync/operation.ts';
import { TablePlay } from './table-play.ts';

const start = { kind: 'barrier', name: 'start', parties: 3, timeoutMs: null } as const;
const wait: Operation = { verb: 'wait_barrier', name: 'start' };
const abort: Operation = { verb: 'abort_barrier', name: 'start' };
const reset: Operation = { verb: 'reset_barrier', name: 'start' };

it('lets all parties go on with the last, each with its index of arrival, and again', () => {
  const play = new TablePlay(start);
  expect(play.ask('a', wait)).toEqual([]);
  expect(play.ask('b', wait)).toEqual([]);
  expect(play.ask('c', wait)).toEqual(['1 granted 0', '2 granted 1', '3 granted 2']);
  play.ask('c', wait);
  play.ask('b', wait);
  expect(play.ask('a', wait)).toEqual(['4 granted 0', '5 granted 1', '6 granted 2']);
});

it('opens at once for a single party', () => {
  expect(new TablePlay({ ...start, parties: 1 }).ask('a', wait, 0)).toEqual(['1 granted 0']);
});

it('is broken for all others when one times out, until it is reset', () => {
  const play = new TablePlay(start);
  play.ask('a', wait, 5);
  play.ask('b', wait);
  expect(play.advance(5)).toEqual(['1 timed_out', '2 broken']);
  expect(play.ask('c', wait)).toEqual(['3 broken']);
  play.ask('c', reset);
  expect(play.ask('c', wait)).toEqual([]);
});

it('is broken by a wait that has no time at all', () => {
  const play = new TablePlay(start);
  play.ask('a', wait);
  expect(play.ask('b', wait, 0)).toEqual(['2 timed_out', '1 broken']);
});

it('uses its own time limit where a wait brings none', () => {
  const play = new TablePlay({ ...start, timeoutMs: 10 });
  play.ask('a', wait);
  play.ask('b', wait, 20);
  expect(play.table.nextDeadlineMs()).toBe(10);
  expect(play.advance(10)).toEqual(['1 timed_out', '2 broken']);
});

it('is broken by an abort', () => {
  const play = new TablePlay(start);
  play.ask('a', wait);
  expect(play.ask('b', abort)).toEqual(['2 granted', '1 broken']);
  expect(play.ask('c', wait)).toEqual(['3 broken']);
});

it('tells those who wait when it is reset', () => {
  const play = new TablePlay(start);
  play.ask('a', wait);
  expect(play.ask('b', reset)).toEqual(['2 granted', '1 broken']);
  expect(play.ask('a', wait)).toEqual([]);
});

it('takes back the arrival of whoever is cancelled or ends', () => {
  const play = new TablePlay(start);
  play.ask('a', wait);
  play.ask('b', wait);
  play.cancel(1);
  play.end('b', false);
  expect(play.ask('c', wait)).toEqual([]);
  expect(play.ask('a', wait)).toEqual([]);
  expect(play.ask('b', wait)).toEqual(['3 granted 0', '4 granted 1', '5 granted 2']);
});

it('semantics 7: is broken for good when too few parties are left', () => {
  const play = new TablePlay(start);
  play.ask('a', wait);
  expect(play.close({ type: 'break', name: 'start' })).toEqual(['1 broken']);
  play.ask('a', reset);
  expect(play.ask('a', wait)).toEqual(['3 broken']);
});
