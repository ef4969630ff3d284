import { deepStrictEqual } from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { SyncTable } from '../../../src/sync/sync-table.ts';
import type { Subject } from './agrees-with-model.ts';
import { barrierSubject } from './barrier-subject.ts';
import type { Command } from './commands.ts';
import { conditionSubject } from './condition-subject.ts';
import { Driver } from './driver.ts';
import { eventSubject } from './event-subject.ts';
import { mixedSubject } from './holds-subject.ts';
import { duplexSubject } from './pipe-subject.ts';
import { boundedSubject, fifoSubject, lifoSubject, prioritySubject } from './queue-subject.ts';

const subjects: readonly (readonly [string, Subject])[] = [
  ['locks and semaphores', mixedSubject],
  ['conditions', conditionSubject],
  ['an event', eventSubject],
  ['a barrier', barrierSubject],
  ['a fifo queue', fifoSubject],
  ['a bounded fifo queue that lends and reserves', boundedSubject],
  ['a lifo queue', lifoSubject],
  ['a priority queue', prioritySubject],
  ['a pipe', duplexSubject],
];

const firstDetourId = 1_000_000;

/**
 * Two tables go through the same, but one of them also hears, now and then, a request that is called
 * off at once. Where that leaves the snapshot as it was, it must leave no other trace either.
 */
function behavesAlike(subject: Subject): fc.IProperty<[Command[], Set<number>]> {
  const detours = fc.uniqueArray(fc.nat({ max: 39 })).map((list) => new Set(list));
  return fc.property(subject.commands, detours, (commands, isDetour) => {
    const plain = new SyncTable(subject.definitions);
    const detoured = new SyncTable(subject.definitions);
    const driver = new Driver();
    for (const [at, command] of commands.entries()) {
      if (isDetour.has(at) && command.type === 'request') {
        const { owner, operation } = command;
        const request = { id: firstDetourId + at, owner, operation, deadlineMs: driver.nowMs + 1 };
        detoured.request(request, driver.nowMs);
        detoured.cancel(request.id);
        if (isDeepStrictEqual(detoured.snapshot(), plain.snapshot())) continue;
        plain.request(request, driver.nowMs);
        plain.cancel(request.id);
        continue;
      }
      const call = driver.callFor(command);
      if (call === null) continue;
      const events = call(plain);
      deepStrictEqual(call(detoured), events);
      driver.heard(events);
      deepStrictEqual(detoured.snapshot(), plain.snapshot());
      deepStrictEqual(JSON.parse(JSON.stringify(plain.snapshot())), structuredClone(plain.snapshot()));
    }
  });
}

describe('equal snapshots', () => {
  it.each(subjects)('%s: behave equally, and are plain JSON', (_, subject) => {
    fc.assert(behavesAlike(subject), { numRuns: 150 });
  });
});
