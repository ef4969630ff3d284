import { deepStrictEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import type { Operation } from '../../../src/sync/operation.ts';
import type { Subject } from './agrees-with-model.ts';
import { commandsOf } from './commands.ts';
import { type QueueDefinition, QueueModel } from './queue-model.ts';

const name = fc.constant('work');

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ verb: fc.constant('put'), name, item: fc.nat({ max: 99 }), priority: fc.nat({ max: 2 }) }),
  },
  { weight: 6, arbitrary: fc.record({ verb: fc.constant('get'), name, inHand: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant('put_some'),
      name,
      items: fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 4 }),
      priority: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant('get_some'),
      name,
      inHand: fc.boolean(),
      max: fc.integer({ min: 1, max: 3 }),
      taken: fc.constant(null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('item_done'), name, itemId: fc.nat({ max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('task_done'), name }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('join_queue'), name }) },
  // More than anybody was ever lent.
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('give_back'), name, taken: fc.constant(1000), count: fc.constant(0) }) },
);

const withReservations: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 20, arbitrary: operation },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('reserve'), name, most: fc.nat({ max: 4 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant('put_reserved'),
      name,
      items: fc.array(fc.nat({ max: 99 }), { maxLength: 3 }),
      freed: fc.nat({ max: 2 }),
    }),
  },
);

function subjectOf(definition: QueueDefinition, operations: fc.Arbitrary<Operation> = operation): Subject {
  return {
    definitions: [definition],
    commands: commandsOf(operations, [
      { type: 'end_of_stream', name: definition.name },
      { type: 'break', name: definition.name },
    ], null, definition.name),
    createModel: () => new QueueModel(definition),
    invariant: ({ primitives: [queue] }) => {
      ok(queue?.kind === 'queue');
      deepStrictEqual(queue.unfinished, queue.items.length + queue.inHand.length + queue.ahead.flatMap(({ items }) => items).length, 'what is not done is somewhere');
      const filled = queue.ahead.flatMap(({ items }) => items).length + queue.reserved.reduce((sum, { count }) => sum + count, 0);
      // What comes back from a dead consumer may be beyond the capacity; nothing is lent or kept that is not within it.
      ok(filled <= (definition.capacity ?? Number.POSITIVE_INFINITY), 'what is lent and reserved is room of the queue');
      const ids = [...queue.items, ...queue.inHand, ...queue.ahead.flatMap(({ items }) => items)].map(({ itemId }) => itemId);
      deepStrictEqual(new Set(ids).size, ids.length, 'no item is in two places');
    },
  };
}

/** First in, first out, with room for what is lent and reserved. */
export const boundedSubject = subjectOf({
  kind: 'queue',
  name: 'work',
  capacity: 6,
  order: 'fifo',
  items: ['first', 'second'],
  onConsumerDeath: 'drop',
}, withReservations);

/** First in, first out, bounded, and given back when a consumer dies. */
export const fifoSubject = subjectOf({
  kind: 'queue',
  name: 'work',
  capacity: 2,
  order: 'fifo',
  items: ['first'],
  onConsumerDeath: 'redeliver',
});

/** First in, first out, without bound, and lost when a consumer dies. */
export const droppingSubject = subjectOf({
  kind: 'queue',
  name: 'work',
  capacity: null,
  order: 'fifo',
  items: [],
  onConsumerDeath: 'drop',
});

/** Last in, first out. */
export const lifoSubject = subjectOf({
  kind: 'queue',
  name: 'work',
  capacity: 3,
  order: 'lifo',
  items: ['first', 'second'],
  onConsumerDeath: 'redeliver',
});

/** Lowest priority first. */
export const prioritySubject = subjectOf({
  kind: 'queue',
  name: 'work',
  capacity: 6,
  order: 'priority',
  items: ['a', 'b', 'c', 'd', 'e'],
  onConsumerDeath: 'redeliver',
});
