import { expect, it } from 'vitest';
import { LinearItems } from '../../../src/sync/linear-items.ts';
import type { QueueItem } from '../../../src/sync/queue-items.ts';

function itemOf(itemId: number): QueueItem {
  return { itemId, value: itemId, priority: 0 };
}

it.each([1, 3, 4095, 4096, 4097, 10_000])('gives what was put in order, however it is emptied: %i at a time', (most) => {
  const items = new LinearItems('fifo');
  const seen: number[] = [];
  let put = 0;
  for (let round = 0; put < 30_000; round += 1) {
    for (let count = 0; count < most + (round % 7); count += 1) items.add(itemOf(put++));
    for (let count = 0; count < most && items.size > 0; count += 1) seen.push(items.take()?.itemId ?? -1);
    expect(items.size).toBe(put - seen.length);
  }
  expect(items.inOrder().map(({ itemId }) => itemId)).toEqual(Array.from({ length: items.size }, (_, index) => seen.length + index));
  while (items.size > 0) seen.push(items.take()?.itemId ?? -1);
  expect(items.take()).toBeUndefined();
  expect(seen).toEqual(Array.from({ length: put }, (_, index) => index));
});
