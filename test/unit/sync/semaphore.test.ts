import { expect, it } from 'vitest';
import { InvariantError } from '../../../src/base/invariant.ts';
import { acquire, release, releaseOwed, TablePlay } from './table-play.ts';

const slots = { kind: 'semaphore', name: 'slots', permits: 2, bounded: true, fair: false } as const;
const fair = { ...slots, fair: true } as const;
const unbounded = { ...slots, permits: 0, bounded: false } as const;
const file = { kind: 'lock', name: 'file', reentrant: false } as const;

it('grants as many permits as it has', () => {
  const play = new TablePlay(slots);
  expect(play.ask('a', acquire('slots'))).toEqual(['1 granted']);
  expect(play.ask('b', acquire('slots'))).toEqual(['2 granted']);
  expect(play.ask('c', acquire('slots'))).toEqual([]);
  expect(play.ask('b', release('slots'))).toEqual(['4 granted', '3 granted']);
});

it('semantics 2: goes past a demand that does not fit yet, to the first that does', () => {
  const play = new TablePlay(slots);
  play.ask('a', acquire('slots'));
  expect(play.ask('b', acquire('slots*2'))).toEqual([]);
  expect(play.ask('c', acquire('slots'))).toEqual(['3 granted']);
  expect(play.ask('d', acquire('slots'))).toEqual([]);
  expect(play.ask('a', release('slots'))).toEqual(['5 granted', '4 granted']);
  play.ask('c', release('slots'));
  expect(play.ask('d', release('slots'))).toEqual(['7 granted', '2 granted']);
});

it('takes back at the end of a `with` what its owner has left of it, and nothing of anybody else', () => {
  const play = new TablePlay(slots, file);
  play.ask('a', acquire('slots'));
  play.ask('b', acquire('slots', 'file'));
  play.ask('b', release('slots'));
  expect(play.ask('c', acquire('slots*2'))).toEqual([]);
  expect(play.ask('d', acquire('file'))).toEqual([]);
  expect(play.ask('b', releaseOwed('slots', 'file'))).toEqual(['6 granted', '5 granted']);
  expect(play.ask('a', releaseOwed('slots*2'))).toEqual(['7 granted', '4 granted']);
});

it('semantics 2: goes past nobody where it is fair', () => {
  const play = new TablePlay(fair);
  play.ask('a', acquire('slots'));
  expect(play.ask('b', acquire('slots*2'))).toEqual([]);
  expect(play.ask('c', acquire('slots'))).toEqual([]);
  expect(play.cancel(2)).toEqual(['2 cancelled', '3 granted']);
});

it('semantics 2: takes several at once, all or nothing', () => {
  const play = new TablePlay(slots, file);
  play.ask('a', acquire('file'));
  play.ask('b', acquire('file', 'slots*2'));
  expect(play.ask('c', acquire('slots'))).toEqual(['3 granted']);
  expect(play.ask('a', release('file'))).toEqual(['4 granted']);
  expect(play.ask('d', acquire('file'))).toEqual(['5 granted']);
  expect(play.ask('c', release('slots'))).toEqual(['6 granted']);
  expect(play.ask('d', release('file'))).toEqual(['7 granted', '2 granted']);
});

it('semantics 2: grants everybody whom one release satisfies', () => {
  const play = new TablePlay(slots);
  play.ask('a', acquire('slots*2'));
  play.ask('b', acquire('slots'));
  play.ask('c', acquire('slots'));
  play.ask('d', acquire('slots'));
  expect(play.ask('a', release('slots*2'))).toEqual(['5 granted', '2 granted', '3 granted']);
});

it('returns several at once, all or nothing', () => {
  const play = new TablePlay(slots, file);
  play.ask('a', acquire('slots'));
  expect(play.ask('a', release('slots', 'file'))).toEqual(['2 not_owner']);
  expect(play.table.snapshot().primitives).toMatchObject([{ name: 'slots', free: 1 }, { name: 'file', free: 1 }]);
});

it('takes a permit that its returner does not hold off the one that held it longest', () => {
  const play = new TablePlay(slots);
  play.ask('a', acquire('slots'));
  play.ask('b', acquire('slots'));
  expect(play.ask('c', release('slots'))).toEqual(['c returned slots of a', '3 granted']);
  expect(play.ask('a', release('slots'))).toEqual(['a returned slots of b', '4 granted']);
  expect(play.ask('b', release('slots'))).toEqual(['5 over_released']);
});

it('refuses a bounded release too many as a whole', () => {
  const play = new TablePlay(slots);
  play.ask('a', acquire('slots'));
  expect(play.ask('a', release('slots*2'))).toEqual(['2 over_released']);
  expect(play.table.snapshot().primitives).toMatchObject([{ free: 1, holdings: [{ permits: 1 }] }]);
});

it('grows without bound where it has none, so that any demand may wait', () => {
  const play = new TablePlay(unbounded);
  expect(play.ask('a', acquire('slots*2'))).toEqual([]);
  expect(play.ask('b', release('slots'))).toEqual(['2 granted']);
  expect(play.ask('b', release('slots'))).toEqual(['3 granted', '1 granted']);
});

it('refuses a bounded demand that can never fit', () => {
  const play = new TablePlay(slots);
  expect(play.ask('a', acquire('slots*3'))).toEqual(['1 demand_exceeds_permits']);
  expect(play.ask('a', acquire('slots*2', 'slots'))).toEqual(['2 demand_exceeds_permits']);
});

it('lets a demand for one of no permits wait its time, and refuses only one that waits without limit', () => {
  const play = new TablePlay({ ...slots, permits: 0 });
  expect(play.ask('a', acquire('slots'), 0)).toEqual(['1 timed_out']);
  expect(play.ask('a', acquire('slots'), 100)).toEqual([]);
  expect(play.ask('b', release('slots'))).toEqual(['3 over_released']);
  expect(play.advance(100)).toEqual(['2 timed_out']);
  expect(play.ask('a', acquire('slots'))).toEqual(['4 demand_exceeds_permits']);
});

it('semantics 5: gets back all permits of an ended instance, of every thread', () => {
  const play = new TablePlay(slots);
  play.ask('a/one', acquire('slots'));
  play.ask('a/two', acquire('slots'));
  play.ask('b', acquire('slots*2'));
  expect(play.table.ownerEnded('a', false)).toMatchObject([{ requestId: 3, outcome: { ownerDied: ['slots'] } }]);
});

it('semantics 8: as the size of a pool, starts what asks for a slot in order', () => {
  const play = new TablePlay(slots);
  const started = Array.from({ length: 4 }, (_, task) => play.ask(`hash-${String(task + 1)}`, acquire('slots')));
  expect(started).toEqual([['1 granted'], ['2 granted'], [], []]);
  expect(play.ask('hash-2', release('slots'))).toEqual(['5 granted', '3 granted']);
  expect(play.ask('hash-1', release('slots'))).toEqual(['6 granted', '4 granted']);
});

it('grants an empty demand at once', () => {
  const play = new TablePlay(slots);
  expect(play.ask('a', acquire())).toEqual(['1 granted']);
});

it('takes a demand for less than one permit, or for an unknown name, for a bug of the caller', () => {
  const play = new TablePlay(slots);
  expect(() => play.ask('a', acquire('slots*0'))).toThrow(InvariantError);
  expect(() => play.ask('a', acquire('nothing'))).toThrow(InvariantError);
});
