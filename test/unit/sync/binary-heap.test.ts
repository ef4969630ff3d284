import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BinaryHeap } from '../../../src/sync/binary-heap.ts';

interface Task {
  readonly rank: number;
}

it('gives what was added and not removed in order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 20 }), fc.boolean())), (entries) => {
      const heap = new BinaryHeap<Task>((a, b) => a.rank < b.rank);
      const tasks = entries.map(([rank, stays]) => ({ task: { rank }, stays }));
      for (const { task } of tasks) heap.add(task);
      for (const { task, stays } of tasks) if (!stays) heap.remove(task);
      const left = tasks.filter(({ stays }) => stays).map(({ task }) => task.rank);
      const popped = left.map(() => heap.pop()?.rank);
      expect(popped).toEqual(left.toSorted((a, b) => a - b));
      expect(heap.size).toBe(0);
    }),
  );
});

it('has nothing to give when it is empty, and does not mind a stranger', () => {
  const heap = new BinaryHeap<Task>((a, b) => a.rank < b.rank);
  heap.remove({ rank: 1 });
  expect([heap.peek(), heap.pop()]).toEqual([undefined, undefined]);
});
