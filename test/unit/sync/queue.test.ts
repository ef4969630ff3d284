import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/sync/operation.ts';
import { get, put, TablePlay } from './table-play.ts';

const work = { kind: 'queue', name: 'work', capacity: null, order: 'fifo', items: [], onConsumerDeath: 'drop' } as const;
const bounded = { ...work, capacity: 1 } as const;
const redelivering = { ...work, onConsumerDeath: 'redeliver' } as const;
const getAtOnce: Operation = { verb: 'get', name: 'work', inHand: false };
const taskDone: Operation = { verb: 'task_done', name: 'work' };
const join: Operation = { verb: 'join_queue', name: 'work' };
const endOfStream = { type: 'end_of_stream', name: 'work' } as const;
const nobodyGets = { type: 'break', name: 'work' } as const;

describe('order', () => {
  it.each([
    ['fifo', ['1 granted 1', '2 granted 2', '3 granted 3']],
    ['lifo', ['1 granted 3', '2 granted 2', '3 granted 1']],
  ] as const)('%s', (order, expected) => {
    const play = new TablePlay({ ...work, order, items: [1, 2, 3] });
    expect([get, get, get].flatMap((operation) => play.ask('a', operation))).toEqual(expected);
  });

  it('lowest priority first, equal ones in order of arrival', () => {
    const play = new TablePlay({ ...work, order: 'priority' });
    for (const [item, priority] of [['c', 2], ['a', 1], ['d', 2], ['b', 1]] as const) play.ask('p', put(item, priority));
    expect([get, get, get, get].flatMap((operation) => play.ask('a', operation))).toEqual([
      '5 granted "a"',
      '6 granted "b"',
      '7 granted "c"',
      '8 granted "d"',
    ]);
  });
});

describe('hand-over', () => {
  it('goes from a put to the first waiting get', () => {
    const play = new TablePlay(work);
    play.ask('a', get);
    play.ask('b', get);
    expect(play.ask('p', put('one'))).toEqual(['3 granted', '1 granted "one"']);
    expect(play.ask('p', put('two'))).toEqual(['4 granted', '2 granted "two"']);
  });

  it('goes from freed room to the first waiting put', () => {
    const play = new TablePlay(bounded);
    play.ask('p', put(1));
    expect(play.ask('p', put(2))).toEqual([]);
    expect(play.ask('q', put(3))).toEqual([]);
    expect(play.ask('a', get)).toEqual(['4 granted 1', '2 granted']);
    expect(play.ask('a', get)).toEqual(['5 granted 2', '3 granted']);
    expect(play.ask('a', get)).toEqual(['6 granted 3']);
  });

  it('does not wait where no time is left', () => {
    const play = new TablePlay(bounded);
    expect(play.ask('a', get, 0)).toEqual(['1 timed_out']);
    play.ask('p', put(1));
    expect(play.ask('p', put(2), 0)).toEqual(['3 timed_out']);
  });

  it('stores nothing of a put that was given up', () => {
    const play = new TablePlay(bounded);
    play.ask('p', put(1));
    play.ask('p', put(2), 5);
    play.ask('q', put(3));
    expect(play.advance(5)).toEqual(['2 timed_out']);
    expect(play.cancel(3)).toEqual(['3 cancelled']);
    expect(play.ask('a', get)).toEqual(['4 granted 1']);
    expect(play.ask('a', get, 0)).toEqual(['5 timed_out']);
  });
});

describe('end of stream', () => {
  it('semantics 3: comes after the last item when nobody can still put', () => {
    const play = new TablePlay({ ...work, items: ['last'] });
    expect(play.close(endOfStream)).toEqual([]);
    expect(play.ask('a', get)).toEqual(['1 granted "last"']);
    expect(play.ask('a', get)).toEqual(['2 end_of_stream']);
  });

  it('semantics 3: reaches those who wait', () => {
    const play = new TablePlay(work);
    play.ask('a', get);
    play.ask('b', get);
    expect(play.close(endOfStream)).toEqual(['1 end_of_stream', '2 end_of_stream']);
  });

  it('semantics 3: lets puts that wait already go through first', () => {
    const play = new TablePlay(bounded);
    play.ask('p', put(1));
    play.ask('p', put(2));
    play.close(endOfStream);
    expect([get, get, get].flatMap((operation) => play.ask('a', operation))).toEqual([
      '3 granted 1',
      '2 granted',
      '4 granted 2',
      '5 end_of_stream',
    ]);
  });

  it('waits while an item in hand may come back', () => {
    const play = new TablePlay({ ...redelivering, items: [1] });
    play.close(endOfStream);
    play.ask('a', get);
    expect(play.ask('b', get)).toEqual([]);
    expect(play.end('a')).toEqual(['2 granted 1']);
    expect(play.ask('c', get)).toEqual([]);
    expect(play.ask('b', taskDone)).toEqual(['4 granted', '3 end_of_stream']);
  });

  it('semantics 3: fails a put, now and later, when nobody can still get', () => {
    const play = new TablePlay(bounded);
    play.ask('p', put(1));
    play.ask('p', put(2));
    expect(play.close(nobodyGets)).toEqual(['2 broken']);
    expect(play.ask('p', put(3))).toEqual(['3 broken']);
  });
});

describe('in hand', () => {
  it('semantics 5: drops what a dead consumer has in hand, and counts it', () => {
    const play = new TablePlay({ ...work, items: [1, 2, 3] });
    play.ask('a', get);
    play.ask('a', get);
    play.ask('b', join);
    expect(play.end('a', false)).toEqual(['a lost 2 of work']);
    expect(play.ask('b', getAtOnce)).toEqual(['4 granted 3', '3 granted']);
  });

  it.each(['fifo', 'lifo', 'priority'] as const)('semantics 5: gives back to the head of a %s queue what a dead consumer has in hand', (order) => {
    const play = new TablePlay({ ...redelivering, order, items: [1, 2, 3, 4] });
    const first = [get, get].flatMap((operation) => play.ask('a', operation).map((text) => text.slice(-1)));
    play.end('a', false);
    const again = [get, get].flatMap((operation) => play.ask('b', operation).map((text) => text.slice(-1)));
    expect(again).toEqual(first);
  });

  it('gives back beyond the capacity', () => {
    const play = new TablePlay({ ...bounded, onConsumerDeath: 'redeliver' });
    play.ask('p', put(1));
    play.ask('a', get);
    play.ask('p', put(2));
    expect(play.ask('p', put(3))).toEqual([]);
    expect(play.end('a')).toEqual([]);
    expect(play.ask('b', get)).toEqual(['5 granted 1']);
    expect(play.ask('b', get)).toEqual(['6 granted 2', '4 granted']);
  });

  it('is finished by the instance that has it, one at a time', () => {
    const play = new TablePlay({ ...work, items: [1, 2] });
    play.ask('a', get);
    play.ask('a', get);
    expect(play.ask('b', taskDone)).toEqual(['3 nothing_in_hand']);
    expect(play.ask('a', { verb: 'item_done', name: 'work', itemId: 2 })).toEqual(['4 granted']);
    expect(play.ask('a', { verb: 'item_done', name: 'work', itemId: 2 })).toEqual(['5 nothing_in_hand']);
    expect(play.ask('a', taskDone)).toEqual(['6 granted']);
    expect(play.ask('a', taskDone)).toEqual(['7 nothing_in_hand']);
  });

  it('keeps nothing of a get that is done at once', () => {
    const play = new TablePlay({ ...redelivering, items: [1] });
    expect(play.askRaw('a', getAtOnce)).toMatchObject([{ outcome: { value: 1, itemId: null } }]);
    expect(play.end('a')).toEqual([]);
    expect(play.ask('b', join)).toEqual(['2 granted']);
  });
});

describe('join', () => {
  it('waits until every item is done', () => {
    const play = new TablePlay(work);
    expect(play.ask('m', join)).toEqual(['1 granted']);
    play.ask('p', put(1));
    play.ask('p', put(2));
    expect(play.ask('m', join)).toEqual([]);
    play.ask('a', get);
    play.ask('a', get);
    expect(play.ask('a', taskDone)).toEqual(['7 granted']);
    expect(play.ask('a', taskDone)).toEqual(['8 granted', '4 granted']);
  });

  it('semantics 4: fails where nobody is left to take what is in the queue', () => {
    const play = new TablePlay({ ...work, items: [1] });
    play.ask('m', join);
    expect(play.close(nobodyGets)).toEqual(['1 impossible']);
    expect(play.ask('m', join)).toEqual(['2 impossible']);
  });
});

describe('items on loan', () => {
  const borrow = (taken: number, max = 100): Operation => ({ verb: 'get_some', name: 'work', inHand: false, max, taken });
  const giveBack = (taken: number, count: number): Operation => ({ verb: 'give_back', name: 'work', taken, count });

  it('are asked for by one that waits, and by one that only looks', () => {
    const play = new TablePlay({ ...work, items: [1, 2, 3] });
    expect(play.ask('a', borrow(0))).toEqual(['1 granted [1,2,3]']);
    expect(play.ask('b', get, 0)).toEqual(['2 timed_out', 'a is to give work back']);
    expect(play.ask('a', giveBack(1, 1))).toEqual(['3 granted']);
    expect(play.ask('b', get, 0)).toEqual(['4 granted 3']);
  });

  it('are asked for where one that waited took more than its share', () => {
    const play = new TablePlay(work);
    play.ask('a', borrow(0));
    play.ask('b', { verb: 'get_some', name: 'work', inHand: false, max: 2, taken: null });
    play.ask('c', get);
    const four: Operation = { verb: 'put_some', name: 'work', items: [1, 2, 3, 4], priority: 0 };
    expect(play.ask('p', four)).toEqual(['4 granted 4', '1 granted [1,2]', '2 granted [3,4]', 'a is to give work back']);
    expect(play.ask('a', giveBack(0, 1))).toEqual(['5 granted', '3 granted 2']);
  });

  it('come back in the order in which they were put, whoever gives back first', () => {
    const play = new TablePlay(work);
    play.ask('a', borrow(0));
    play.ask('b', borrow(0));
    play.ask('p', { verb: 'put_some', name: 'work', items: [1, 2, 3, 4], priority: 0 });
    play.ask('a', giveBack(0, 1));
    play.ask('b', giveBack(0, 1));
    expect([get, get].flatMap((operation) => play.ask('c', operation))).toEqual(['6 granted 2', '7 granted 4']);
  });
});
