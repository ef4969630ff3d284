import { describe, expect, it } from 'vitest';
import { type Departure, FollowSchedule } from '../../../src/schedule/follow-schedule.ts';
import type { HeldRequest, OperationOrder, Turn } from '../../../src/schedule/operation-order.ts';
import { RandomOrder } from '../../../src/schedule/random-order.ts';
import type { ScheduledOperation } from '../../../src/schedule/schedule.ts';
import type { Outcome } from '../../../src/sync/operation.ts';
import type { RunDeed } from '../../../src/sync/run-deed.ts';

const granted: Outcome = { status: 'granted', value: null, itemId: null, tokens: {}, ownerDied: [] };

function deed(id: number, instance: string, verb: RunDeed['verb'], names: readonly string[] = [], deadlineMs: number | null = null): HeldRequest {
  return { id, owner: { instance, holder: 'steps' }, operation: { verb, names }, deadlineMs };
}

function acquire(id: number, instance: string, name: string): HeldRequest {
  return { id, owner: { instance, holder: 'steps' }, operation: { verb: 'acquire', demands: [{ name, permits: 1 }] }, deadlineMs: null };
}

function step(instance: string, op: ScheduledOperation['op'], ...on: readonly string[]): ScheduledOperation {
  return { instance, op, on, outcome: 'done' };
}

interface Following {
  readonly order: OperationOrder;
  readonly departures: readonly Departure[];
  readonly offer: (request: HeldRequest) => boolean;
  readonly turn: () => string | null;
}

function follow(operations: readonly ScheduledOperation[], isWhole = true): Following {
  const departures: Departure[] = [];
  const order: OperationOrder = new FollowSchedule({ operations, waiting: [], endless: [], isWhole }, (departure) => departures.push(departure));
  return { order, departures, offer: (one) => order.offer(one, 0), turn: () => shortOf(order.next(0)) };
}

function shortOf(turn: Turn | null): string | null {
  if (turn?.type === 'pass') return `pass ${String(turn.request.id)}`;
  return turn?.type === 'answer' ? `answer ${String(turn.requestId)} ${turn.outcome.status}` : (turn?.type ?? null);
}

describe('what is done to others of the run', () => {
  it.each(['start', 'terminate', 'kill', 'shutdown', 'close', 'submit', 'take', 'join', 'result'] as const)('has its turn: `%s`', (verb) => {
    const { order, offer, turn } = follow([step('b', 'acquire', 'x'), step('a', verb, 'p')]);
    expect(offer(deed(1, 'a', verb, ['p']))).toBe(true);
    expect(turn()).toBe(null);
    offer(acquire(2, 'b', 'x'));
    expect(turn()).toBe('pass 2');
    order.settled(2, granted);
    expect(turn()).toBe('pass 1');
    order.settled(1, granted);
    expect(order.isHolding).toBe(false);
  });

  it('is not held back from whoever is to do something else next', () => {
    const { offer } = follow([step('b', 'acquire', 'x'), step('a', 'acquire', 'y')]);
    expect(offer(deed(1, 'a', 'start', ['p']))).toBe(false);
    expect(offer(deed(2, 'a', 'join', ['p']))).toBe(false);
    expect(offer(deed(3, 'a', 'end'))).toBe(false);
  });

  it('may have waited long enough, though what it waits for is there', () => {
    const { order, offer, turn } = follow([step('b', 'acquire', 'x'), step('a', 'timeout')]);
    expect(offer(deed(1, 'a', 'join', ['p'], 40))).toBe(true);
    offer(acquire(2, 'b', 'x'));
    expect(turn()).toBe('pass 2');
    order.settled(2, granted);
    expect(turn()).toBe('answer 1 timed_out');
  });
});

describe('the end of an instance', () => {
  it('comes before a step that its schedule has not, and not before what is set by a moment', () => {
    const { order, offer, turn } = follow([step('b', 'terminate', 'a'), step('a', 'end'), step('b', 'set', 'go')]);
    const set = (id: number, deadlineMs: number | null): HeldRequest => ({ id, owner: { instance: 'a', holder: 'steps' }, operation: { verb: 'set', name: 'e' }, deadlineMs });
    expect([offer(set(1, null)), offer(set(2, 0)), turn()]).toEqual([true, false, null]);
    offer(deed(3, 'b', 'terminate', ['a']));
    expect(turn()).toBe('pass 3');
    expect(order.withdrawAllOf('a', true)).toEqual([1]);
  });

  it('comes in its turn, and the next one once it has', () => {
    const { order, offer, turn } = follow([step('b', 'acquire', 'x'), step('a', 'end'), step('b', 'acquire', 'y')]);
    expect(offer(deed(1, 'a', 'end'))).toBe(true);
    offer(acquire(2, 'b', 'x'));
    expect(turn()).toBe('pass 2');
    order.settled(2, granted);
    offer(acquire(3, 'b', 'y'));
    expect(turn()).toBe('pass 1');
    order.settled(1, granted);
    expect(turn()).toBe(null);
    order.withdrawAllOf('a', true);
    expect(turn()).toBe('pass 3');
  });

  it('is awaited of whoever was ended by others, and may have come before', () => {
    const { order, offer, turn, departures } = follow([step('b', 'kill', 'a'), step('a', 'end'), step('b', 'acquire', 'y')]);
    offer(deed(1, 'b', 'kill', ['a']));
    expect(turn()).toBe('pass 1');
    order.withdrawAllOf('a', true);
    order.settled(1, granted);
    offer(acquire(2, 'b', 'y'));
    expect(turn()).toBe('pass 2');
    expect(departures).toEqual([]);
  });

  it('is awaited anew of whoever was started again', () => {
    const { order, offer, turn } = follow([step('a', 'end'), step('b', 'start', 'a'), step('a', 'end'), step('b', 'acquire', 'y')]);
    order.withdrawAllOf('a', true);
    offer(deed(1, 'b', 'start', ['a']));
    expect(turn()).toBe('pass 1');
    order.settled(1, granted);
    offer(acquire(2, 'b', 'y'));
    expect(turn()).toBe(null);
    order.withdrawAllOf('a', true);
    expect(turn()).toBe('pass 2');
  });

  it.each([
    ['is held back to the last in a schedule that says when each comes', true],
    ['comes when it comes in one that says nothing of it', false],
  ])('%s', (_, isWhole) => {
    const { offer } = follow([step('b', 'acquire', 'x')], isWhole);
    expect([offer(deed(1, 'a', 'end')), offer(deed(2, 'c', 'join', ['a']))]).toEqual([isWhole, isWhole]);
  });
});

it('an order at random puts off what is done to others, and neither ends nor waits for them', () => {
  const order = new RandomOrder(1);
  expect((['start', 'terminate', 'kill', 'close', 'submit', 'shutdown'] as const).map((verb, id) => order.offer(deed(id, 'a', verb, ['p']), 0))).toEqual([true, true, true, true, true, true]);
  expect((['take', 'join', 'result', 'end'] as const).map((verb, id) => order.offer(deed(id + 9, 'a', verb, ['p']), 0))).toEqual([false, false, false, false]);
});
