import { expect, it } from 'vitest';
import { createMemoryBroker } from '../../../src/broker/memory-broker.ts';
import type { Operation, SyncEvent } from '../../../src/sync/operation.ts';

const owner = { instance: 'a', holder: 'steps' };
const wait: Operation = { verb: 'wait_event', name: 'go' };
const set: Operation = { verb: 'set', name: 'go' };

function settledIds(events: readonly SyncEvent[]): readonly number[] {
  return events.flatMap((event) => (event.type === 'settled' ? event.requestId : []));
}

it('answers in the same turn', () => {
  const broker = createMemoryBroker([{ kind: 'event', name: 'go', set: true }]);
  const heard: SyncEvent[] = [];
  broker.listen((event) => heard.push(event));
  broker.request({ id: 1, owner, operation: wait, deadlineMs: null }, 0);
  expect(settledIds(heard)).toEqual([1]);
});

it('tells what is asked while it tells something after everything that came before', () => {
  const broker = createMemoryBroker([{ kind: 'event', name: 'go', set: false }]);
  const heard: SyncEvent[] = [];
  broker.listen((event) => {
    heard.push(event);
    if (event.type === 'settled' && event.requestId === 3) {
      broker.request({ id: 4, owner, operation: wait, deadlineMs: null }, 0);
      broker.request({ id: 5, owner, operation: set, deadlineMs: null }, 0);
    }
  });
  broker.request({ id: 1, owner, operation: wait, deadlineMs: null }, 0);
  broker.request({ id: 2, owner, operation: wait, deadlineMs: null }, 0);
  broker.request({ id: 3, owner, operation: set, deadlineMs: null }, 0);
  expect(settledIds(heard)).toEqual([3, 1, 2, 4, 5]);
});

it('goes on telling after a listener threw', () => {
  const broker = createMemoryBroker([{ kind: 'event', name: 'go', set: true }]);
  const heard: SyncEvent[] = [];
  broker.listen((event) => {
    heard.push(event);
    if (heard.length === 1) throw new Error('a bug of the listener');
  });
  expect(() => broker.request({ id: 1, owner, operation: wait, deadlineMs: null }, 0)).toThrow('a bug of the listener');
  broker.request({ id: 2, owner, operation: wait, deadlineMs: null }, 0);
  expect(settledIds(heard)).toEqual([1, 2]);
});
