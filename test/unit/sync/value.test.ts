import { expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { jsonEqual } from '../../../src/sync/json-equal.ts';
import type { Operation } from '../../../src/sync/operation.ts';
import { TablePlay } from './table-play.ts';

const counter = { kind: 'value', name: 'counter', initial: 0 } as const;
const load: Operation = { verb: 'load', name: 'counter' };

function add(by: number): Operation {
  return { verb: 'add', name: 'counter', by };
}

function store(item: Json): Operation {
  return { verb: 'store', name: 'counter', item };
}

it('adds, and gives the sum', () => {
  const play = new TablePlay(counter);
  expect(play.ask('a', add(2))).toEqual(['1 granted 2']);
  expect(play.ask('b', add(-5))).toEqual(['2 granted -3']);
  expect(play.ask('c', load)).toEqual(['3 granted -3']);
});

it('refuses to add to what is not a number', () => {
  const play = new TablePlay(counter);
  play.ask('a', store('1'));
  expect(play.ask('a', add(1))).toEqual(['2 wrong_type']);
  expect(play.ask('a', load)).toEqual(['3 granted "1"']);
});

it('refuses a sum that would be another one', () => {
  const play = new TablePlay(counter);
  play.ask('a', store(Number.MAX_SAFE_INTEGER - 1));
  expect(play.ask('a', add(1))).toEqual([`2 granted ${Number.MAX_SAFE_INTEGER}`]);
  expect(play.ask('a', add(1))).toEqual(['3 inexact']);
  expect(play.ask('a', load)).toEqual([`4 granted ${Number.MAX_SAFE_INTEGER}`]);
  play.ask('a', store(1e308));
  expect(play.ask('a', add(1))).toEqual(['6 granted 1e+308']);
  expect(play.ask('a', add(1e308))).toEqual(['7 inexact']);
});

it('sets only what is as expected', () => {
  const play = new TablePlay(counter);
  play.ask('a', store({ a: [1], b: null }));
  const swap = (expected: Json, item: Json): Operation => ({ verb: 'compare_and_set', name: 'counter', expected, item });
  expect(play.ask('a', swap({ a: [1] }, 1))).toEqual(['2 granted false']);
  expect(play.ask('a', swap({ b: null, a: [1] }, 1))).toEqual(['3 granted true']);
  expect(play.ask('a', load)).toEqual(['4 granted 1']);
});

it.each<[Json, Json, boolean]>([
  [1, 1, true],
  [1, '1', false],
  [null, 0, false],
  [[1, [2]], [1, [2]], true],
  [[1, 2], [2, 1], false],
  [[1], [1, null], false],
  [[], {}, false],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: null }, { b: null }, false],
  [{ a: null }, {}, false],
])('compares %j and %j: %s', (a, b, expected) => {
  expect(jsonEqual(a, b)).toBe(expected);
  expect(jsonEqual(b, a)).toBe(expected);
});
