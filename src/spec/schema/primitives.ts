import * as z from 'zod';
import {
  countOrInterpolated,
  durationOrInterpolated,
  flagOrInterpolated,
  json,
  name,
  orInterpolated,
  positiveCountOrInterpolated,
  referenceOrInterpolated,
} from './leaves.ts';
import { reading } from './reading.ts';

const lock = z.lazy(() =>
  z.strictObject({
    reentrant: flagOrInterpolated.default(false).describe('`true`: the thread that holds it may take it again.'),
  }),
);

const semaphore = z.lazy(() =>
  z.strictObject({
    permits: countOrInterpolated.default(1).describe('How many may hold it at once.'),
    bounded: flagOrInterpolated.default(true).describe('`true`: one release too many is an error.'),
    fair: flagOrInterpolated.default(false).describe('`true`: nobody passes a larger demand that came earlier.'),
  }),
);

const event = z.lazy(() =>
  z.strictObject({ set: flagOrInterpolated.default(false).describe('Its state at the start.') }),
);

const condition = z.lazy(() =>
  z.strictObject({
    lock: referenceOrInterpolated.describe('The lock that a waiter and a notifier hold.'),
  }),
);

const barrier = z.lazy(() =>
  z.strictObject({
    parties: positiveCountOrInterpolated.describe('How many must arrive before all go on.'),
    timeout: durationOrInterpolated.optional().describe('Longest wait for the others; then it is broken. Default none.'),
  }),
);

const queue = z.lazy(() =>
  z.strictObject({
    capacity: countOrInterpolated.default(0).describe('Most items at once; 0 is unbounded.'),
    items: z.array(json).default([]).describe('The items at the start.'),
    order: orInterpolated(z.enum(['fifo', 'lifo', 'priority']))
      .default('fifo')
      .describe('`fifo` · `lifo` · `priority`: lowest first, equal ones in order of arrival.'),
    on_consumer_death: orInterpolated(z.enum(['drop', 'redeliver']))
      .default('drop')
      .describe('What a consumer had in hand when it died (a program only where its `uses` has `task_done`): `drop` with a warning, or `redeliver` to the head.'),
    durable: reading(z.boolean().default(false).describe('`true`: outlives the run.'), {
      notYet: (value) => (value === false ? null : '`durable`'),
      expected: '`true` or `false`',
    }),
  }),
);

const via = orInterpolated(z.enum(['messages', 'stdio']))
  .default('messages')
  .describe('`messages` through mpctl, or `stdio`: one kernel pipe from stdout to stdin; where both have ended, two `start` steps start them again as a pair.');
const pipeCapacity = countOrInterpolated.default(0).describe('Most messages under way, per direction; 0 is unbounded.');
const pipefail = flagOrInterpolated
  .default(false)
  .describe('For `via: stdio`: a sender that dies of SIGPIPE has failed; otherwise it has succeeded, as in a shell.');

const duplexPipe = z.lazy(() =>
  z.strictObject({
    between: z.tuple([referenceOrInterpolated, referenceOrInterpolated]).describe('The two ends; both send and receive.'),
    capacity: pipeCapacity,
    via,
    pipefail,
  }),
);

const simplexPipe = z.lazy(() =>
  z.strictObject({
    from: referenceOrInterpolated.describe('The end that sends.'),
    to: referenceOrInterpolated.describe('The end that receives.'),
    capacity: pipeCapacity,
    via,
    pipefail,
  }),
);

/** A pipe as it was written, with its defaults. */
export type PipeSpec = z.infer<typeof duplexPipe> | z.infer<typeof simplexPipe>;

/** A queue as it was written, with its defaults. */
export type QueueSpec = z.infer<typeof queue>;

function named<T extends z.ZodType>(thing: T, called: string): z.ZodRecord<typeof name, T> {
  return reading(z.record(name, reading(thing, { called })), { names: true });
}

/** The sections of the spec that define primitives. */
export const primitiveSections = {
  locks: named(z.union([z.null(), lock]), 'a lock')
    .default({})
    .describe('Mutual exclusion with an owner. No value: a plain lock.'),
  semaphores: named(z.union([countOrInterpolated, semaphore]), 'a semaphore')
    .default({})
    .describe('A number of permits; `connections: 2` is short for `{permits: 2}`.'),
  events: named(z.union([z.null(), event]), 'an event').default({}).describe('Set once, seen by everyone who waits.'),
  conditions: named(condition, 'a condition').default({}).describe('Wait for a change with a lock held, and notify it.'),
  barriers: named(barrier, 'a barrier').default({}).describe('All parties wait until the last one has arrived.'),
  queues: named(z.union([z.null(), queue]), 'a queue').default({}).describe('Items from producers to consumers.'),
  pipes: named(z.union([duplexPipe, simplexPipe]), 'a pipe').default({}).describe('Messages, or bytes, between two processes.'),
  values: named(json, 'a value').default({}).describe('Shared JSON values with their first value.'),
};
