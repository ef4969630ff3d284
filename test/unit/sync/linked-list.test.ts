import { expect, it } from 'vitest';
import { LinkedList } from '../../../src/sync/linked-list.ts';

it('keeps its values in order while they come and go at any place', () => {
  const list = new LinkedList<number>();
  const two = list.append(2);
  const three = list.append(3);
  const one = list.prepend(1);
  expect([...list]).toEqual([1, 2, 3]);
  list.remove(two);
  expect([...list]).toEqual([1, 3]);
  list.remove(three);
  list.remove(one);
  expect([list.size, list.head, list.shift()]).toEqual([0, null, undefined]);
  list.append(4);
  expect(list.shift()).toBe(4);
});

it('inserts a value behind all that do not come after it', () => {
  const list = new LinkedList<number>();
  for (const value of [3, 1, 2, 5, 4]) list.insertSorted(value, (other, self) => other > self);
  expect([...list]).toEqual([1, 2, 3, 4, 5]);
});
