import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../src/engine/call-outcome.ts';
import type { Operation } from '../../../src/sync/operation.ts';

function lateMessage(operation: Operation, timeoutMs: number | null): string {
  return failureOf(operation, { status: 'timed_out' }, timeoutMs).message;
}

describe('a call that did not get in time what it waits for', () => {
  it.each<[message: string, operation: Operation]>([
    ['`l`, `s` could not be had within 2s', { verb: 'acquire', demands: [{ name: 'l', permits: 1 }, { name: 's', permits: 2 }] }],
    ['`q` had no room within 2s', { verb: 'put_some', name: 'q', items: [1], priority: 0 }],
    ['`p` had no room within 2s', { verb: 'send', name: 'p', item: 1 }],
    ['nothing came from `q` within 2s', { verb: 'get_some', name: 'q', inHand: false, max: 1, taken: null }],
    ['nothing came from `p` within 2s', { verb: 'receive', name: 'p' }],
    ['`e` was not set within 2s', { verb: 'wait_event', name: 'e' }],
    ['nobody has notified `c` within 2s', { verb: 'wait_condition', name: 'c' }],
    ['not every item of `q` was done within 2s', { verb: 'join_queue', name: 'q' }],
    ['the other parties of the barrier `b` did not come within 2s', { verb: 'wait_barrier', name: 'b' }],
  ])('says %s', (message, operation) => {
    expect(lateMessage(operation, 2000)).toBe(message);
  });

  it('has no time of its own to name where the barrier has one', () => {
    expect(lateMessage({ verb: 'wait_barrier', name: 'b' }, null)).toBe('the other parties of the barrier `b` did not come in time');
  });
});

describe('a call for what can no longer come', () => {
  it.each<[message: string, operation: Operation]>([
    ['`e` is not set, and nobody who runs or starts by itself can still set it', { verb: 'wait_event', name: 'e' }],
    ['nobody who runs or starts by itself can still notify `c`', { verb: 'wait_condition', name: 'c' }],
    ['not every item of `q` is done, and nobody can still get the rest', { verb: 'join_queue', name: 'q' }],
  ])('says %s', (message, operation) => {
    expect(failureOf(operation, { status: 'failed', reason: 'impossible' }, null)).toEqual({ kind: 'impossible', message });
  });
});

describe('a call for what the caller does not own', () => {
  it.each<[message: string, operation: Operation]>([
    ['`l` is not held by the caller', { verb: 'release', demands: [{ name: 'l', permits: 1 }] }],
    ['the lock of `c` is not held by the caller', { verb: 'wait_condition', name: 'c' }],
    ['the lock of `c` is not held by the caller', { verb: 'notify', name: 'c', count: 1 }],
    ['the pipe `p` has no end at which the caller may send (the spec says whose they are)', { verb: 'send', name: 'p', item: 1 }],
    ['the pipe `p` has no end at which the caller may receive (the spec says whose they are)', { verb: 'receive', name: 'p' }],
    ['the pipe `p` has no end at which the caller may receive (the spec says whose they are)', { verb: 'poll', name: 'p' }],
    ['the pipe `p` has no end of the caller (the spec says whose they are)', { verb: 'close_pipe', name: 'p' }],
  ])('says %s', (message, operation) => {
    expect(failureOf(operation, { status: 'failed', reason: 'not_owner' }, null)).toEqual({ kind: 'not_owner', message });
  });
});
