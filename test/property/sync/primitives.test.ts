import fc from 'fast-check';
import { describe, it } from 'vitest';
import { SyncTable } from '../../../src/sync/sync-table.ts';
import { agreesWithModel, type Subject } from './agrees-with-model.ts';
import { barrierSubject } from './barrier-subject.ts';
import { conditionSubject } from './condition-subject.ts';
import { eventSubject } from './event-subject.ts';
import { lockSubject, mixedSubject, nestedSubject, semaphoreSubject } from './holds-subject.ts';
import { aheadSubject, duplexSubject, simplexSubject } from './pipe-subject.ts';
import { boundedSubject, droppingSubject, fifoSubject, lifoSubject, prioritySubject } from './queue-subject.ts';
import { valueSubject } from './value-subject.ts';

const subjects: readonly (readonly [string, Subject])[] = [
  ['locks', lockSubject],
  ['a reentrant lock within others', nestedSubject],
  ['semaphores', semaphoreSubject],
  ['semantics 2: demands for locks and semaphores at once', mixedSubject],
  ['conditions', conditionSubject],
  ['an event', eventSubject],
  ['a barrier', barrierSubject],
  ['a bounded fifo queue that redelivers', fifoSubject],
  ['an unbounded fifo queue that drops', droppingSubject],
  ['a bounded fifo queue that lends and reserves', boundedSubject],
  ['a lifo queue', lifoSubject],
  ['a priority queue', prioritySubject],
  ['a duplex pipe', duplexSubject],
  ['a simplex pipe', simplexSubject],
  ['a pipe whose messages come ahead', aheadSubject],
  ['a shared value', valueSubject],
];

describe('under random requests, cancels, deaths, closings and time', () => {
  it.each(subjects)('%s: says what the naive model says, and strands nobody', (_, subject) => {
    fc.assert(agreesWithModel(subject, (definitions) => new SyncTable(definitions)), { numRuns: 300 });
  });
});
