import { describe, expect, it } from 'vitest';
import { type Departure, FollowSchedule } from '../../../src/schedule/follow-schedule.ts';
import type { OperationOrder, Turn } from '../../../src/schedule/operation-order.ts';
import type { ScheduledOperation } from '../../../src/schedule/schedule.ts';
import type { Operation, Outcome, SyncRequest } from '../../../src/sync/operation.ts';

const granted: Outcome = { status: 'granted', value: null, itemId: null, tokens: {}, ownerDied: [] };

function request(id: number, instance: string, operation: Operation, deadlineMs: number | null = null): SyncRequest {
  return { id, owner: { instance, holder: 'steps' }, operation, deadlineMs };
}

function acquire(id: number, instance: string, name: string, deadlineMs: number | null = null): SyncRequest {
  return request(id, instance, { verb: 'acquire', demands: [{ name, permits: 1 }] }, deadlineMs);
}

function scheduled(text: string): readonly ScheduledOperation[] {
  return text.split(',').map((one): ScheduledOperation => {
    const [instance = '', op = '', name = '', outcome = 'done'] = one.trim().split(' ');
    if (op !== 'acquire' && op !== 'release' && op !== 'set' && op !== 'wait' && op !== 'put' && op !== 'get' && op !== 'reset' && op !== 'timeout') throw new Error(op);
    if (outcome !== 'done' && outcome !== 'waits' && outcome !== 'ends') throw new Error(outcome);
    return { instance, op, on: name === '' ? [] : [name], outcome };
  });
}

interface Following {
  readonly order: OperationOrder;
  readonly departures: Departure[];
  /** Offers it and says whether it is held back. */
  readonly offer: (request: SyncRequest) => boolean;
  /** The next turn in short. */
  readonly turn: () => string | null;
}

function follow(text: string): Following {
  const departures: Departure[] = [];
  const order: OperationOrder = new FollowSchedule({ operations: scheduled(text), waiting: [], endless: [], isWhole: false }, (departure) => departures.push(departure));
  return { order, departures, offer: (one) => order.offer(one, 0), turn: () => shortOf(order.next(0)) };
}

function shortOf(turn: Turn | null): string | null {
  switch (turn?.type) {
    case undefined:
      return null;
    case 'pass':
      return `pass ${String(turn.request.id)}`;
    case 'answer':
      return `answer ${String(turn.requestId)} ${turn.outcome.status}`;
    case 'expire':
      return 'expire';
    case 'renew':
      return `renew ${String(turn.request.id)}`;
    case 'close':
      return `close ${turn.closing.name}`;
  }
}

describe('a schedule', () => {
  it('lets each operation come when those before it have, in whatever order they are asked for', () => {
    const { order, offer, turn } = follow('b acquire x, a acquire y');
    expect(offer(acquire(1, 'a', 'y'))).toBe(true);
    expect(turn()).toBe(null);
    expect(offer(acquire(2, 'b', 'x'))).toBe(true);
    expect(turn()).toBe('pass 2');
    // It is not answered yet.
    expect(turn()).toBe(null);
    order.settled(2, granted);
    expect(turn()).toBe('pass 1');
    order.settled(1, granted);
    expect(order.isHolding).toBe(false);
    expect(offer(acquire(3, 'a', 'x'))).toBe(false);
  });

  it('holds back whatever comes after its last operation until that is done', () => {
    const { order, offer, turn } = follow('a acquire x');
    offer(acquire(1, 'b', 'x', 50));
    offer(acquire(2, 'a', 'x'));
    expect(turn()).toBe('pass 2');
    order.settled(2, granted);
    expect(order.next(0)).toEqual({ type: 'pass', request: acquire(1, 'b', 'x', 50) });
    expect(turn()).toBe(null);
  });

  it('goes on behind one that waits', () => {
    const { order, offer, turn } = follow('a wait go waits, b set go');
    offer(request(1, 'b', { verb: 'set', name: 'go' }));
    offer(request(2, 'a', { verb: 'wait_event', name: 'go' }));
    expect(turn()).toBe('pass 2');
    expect(turn()).toBe('pass 1');
    order.settled(2, granted);
    order.settled(1, granted);
    expect(order.isHolding).toBe(false);
  });

  it('ends the time of a wait when it says so: of one that it holds back, and of one that has begun', () => {
    const held = follow('b acquire x, a timeout, b acquire y');
    held.offer(acquire(1, 'a', 'x', 40));
    held.offer(acquire(2, 'b', 'x'));
    expect(held.turn()).toBe('pass 2');
    held.order.settled(2, granted);
    expect(held.turn()).toBe('answer 1 timed_out');

    const begun = follow('a wait meet waits, a timeout');
    begun.offer(request(1, 'a', { verb: 'wait_barrier', name: 'meet' }, 40));
    const passed = begun.order.next(0);
    const ended = begun.order.next(0);
    expect(ended).toEqual({ type: 'expire', atMs: passed?.type === 'pass' ? passed.request.deadlineMs : null });
    begun.order.settled(1, { status: 'timed_out' });
    expect(begun.departures).toEqual([]);
  });

  it('breaks the barrier that somebody gives up before', () => {
    const { order, offer, turn } = follow('b acquire x, a timeout');
    offer(request(1, 'a', { verb: 'wait_barrier', name: 'meet' }, 40));
    offer(acquire(2, 'b', 'x'));
    expect(turn()).toBe('pass 2');
    order.settled(2, granted);
    expect(order.next(0)).toMatchObject({ type: 'pass', request: { operation: { verb: 'abort_barrier', name: 'meet' } } });
    expect(turn()).toBe('answer 1 timed_out');
  });

  it('lets a reset turn away whoever waits there, of whom it says nothing', () => {
    const { order, departures, offer, turn } = follow('a wait meet waits, b reset meet, a wait meet ends');
    offer(request(1, 'a', { verb: 'wait_barrier', name: 'meet' }));
    offer(request(2, 'b', { verb: 'reset_barrier', name: 'meet' }));
    expect([turn(), turn()]).toEqual(['pass 1', 'pass 2']);
    order.settled(1, { status: 'failed', reason: 'broken' });
    order.settled(2, granted);
    // The wait that finds it broken by itself is another one.
    expect(turn()).toBe(null);
    offer(request(3, 'a', { verb: 'wait_barrier', name: 'meet' }));
    expect(turn()).toBe('pass 3');
    order.settled(3, { status: 'failed', reason: 'broken' });
    expect([order.isHolding, departures]).toEqual([false, []]);
  });

  it('waits for a time that the primitives know nothing of, until whoever it is goes on or has ended', () => {
    const going = follow('a timeout  waits, b acquire x');
    going.offer(acquire(1, 'b', 'x'));
    expect(going.turn()).toBe(null);
    going.offer(acquire(2, 'a', 'y'));
    expect(going.turn()).toBe('pass 1');

    const ended = follow('a timeout  waits, b acquire x');
    ended.offer(acquire(1, 'b', 'x'));
    ended.order.withdrawAllOf('a', true);
    expect([ended.turn(), ended.departures]).toEqual(['pass 1', []]);
  });

  it('gives no wait a time that it does not end', () => {
    const { order, offer } = follow('a acquire x');
    offer(acquire(1, 'a', 'x', 40));
    expect(order.next(0)).toEqual({ type: 'pass', request: acquire(1, 'a', 'x') });
  });

  it('holds back that a thing is closed as long as somebody still does something to it', () => {
    const { order, offer, turn } = follow('a get q, b get q ends');
    expect(order.offerClosing({ type: 'end_of_stream', name: 'other' })).toBe(false);
    expect(order.offerClosing({ type: 'end_of_stream', name: 'q' })).toBe(true);
    offer(request(1, 'a', { verb: 'get', name: 'q', inHand: false }));
    offer(request(2, 'b', { verb: 'get', name: 'q', inHand: false }));
    expect(turn()).toBe('pass 1');
    order.settled(1, granted);
    expect([turn(), turn()]).toEqual(['close q', 'pass 2']);
    order.settled(2, { status: 'failed', reason: 'end_of_stream' });
    expect(order.isHolding).toBe(false);
  });

  it('lets others wait for the end of a queue that feeds itself once whoever has his turn does, and not before', () => {
    const { offer, turn } = follow('a get q ends, b get q ends');
    offer(request(1, 'b', { verb: 'get', name: 'q', inHand: true }));
    expect(turn()).toBe(null);
    offer(request(2, 'a', { verb: 'get', name: 'q', inHand: true }));
    expect([turn(), turn(), turn()]).toEqual(['pass 2', 'pass 1', null]);
  });

  it('holds back what comes behind an end that was heard of before its turn', () => {
    const { order, departures, offer, turn } = follow('a wait meet waits, b wait meet waits, a wait meet ends, c acquire x, b wait meet ends, b set go');
    offer(request(1, 'a', { verb: 'wait_barrier', name: 'meet' }));
    offer(request(2, 'b', { verb: 'wait_barrier', name: 'meet' }));
    order.offerClosing({ type: 'break', name: 'meet' });
    expect([turn(), turn(), turn()]).toEqual(['pass 1', 'pass 2', 'close meet']);
    order.settled(1, { status: 'failed', reason: 'broken' });
    order.settled(2, { status: 'failed', reason: 'broken' });
    expect([offer(request(3, 'b', { verb: 'set', name: 'go' })), turn()]).toEqual([true, null]);
    offer(acquire(4, 'c', 'x'));
    expect(turn()).toBe('pass 4');
    order.settled(4, granted);
    expect(turn()).toBe('pass 3');
    expect(departures).toEqual([]);
  });

  it('has a turn for a release or a set that is its next operation', () => {
    const { offer } = follow('a acquire x, b release y, c set go');
    expect(offer(request(1, 'b', { verb: 'release', demands: [{ name: 'y', permits: 1 }] }))).toBe(true);
    expect(offer(request(2, 'c', { verb: 'set', name: 'go' }))).toBe(true);
  });

  it('takes a set behind a time that is awaited for its next operation, too', () => {
    const { offer, turn } = follow('a timeout  waits, a set go');
    expect(offer(request(1, 'a', { verb: 'set', name: 'go' }))).toBe(true);
    expect(turn()).toBe('pass 1');
  });

  it('has no turn for what nobody waits for, nor for what is set by a moment', () => {
    const { offer } = follow('a acquire x');
    expect(offer(request(1, 'a', { verb: 'release', demands: [{ name: 'x', permits: 1 }] }))).toBe(false);
    expect(offer(request(2, 'a', { verb: 'set', name: 'done' }))).toBe(false);
    expect(offer(request(3, 'b', { verb: 'add', name: 'count', by: 1 }))).toBe(false);
  });

  describe('is left, and everything goes on', () => {
    it('where it comes out in another way', () => {
      const { order, departures, offer, turn } = follow('a put q, b acquire x');
      offer(request(1, 'a', { verb: 'put', name: 'q', item: 1, priority: 0 }));
      offer(acquire(2, 'c', 'x'));
      expect(turn()).toBe('pass 1');
      order.settled(1, { status: 'failed', reason: 'broken' });
      expect(departures).toMatchObject([{ position: 0, why: 'it came out as broken' }]);
      expect(turn()).toBe('pass 2');
    });

    it('where it can never come, and not while whoever it is can go on', () => {
      const { order, departures, offer, turn } = follow('a acquire x');
      offer(acquire(1, 'b', 'x'));
      expect(turn()).toBe(null);
      order.noteStuck((name) => name === 'a');
      expect(turn()).toBe(null);
      order.noteStuck(() => false);
      expect(departures).toMatchObject([{ position: 0, why: 'nobody lets it come to that' }]);
      expect(turn()).toBe('pass 1');
    });

    it('and not while whoever it is has his turn yet to take', () => {
      const { order, departures, offer, turn } = follow('a acquire x, a get q ends');
      offer(acquire(1, 'a', 'x'));
      expect([turn(), turn()]).toEqual(['pass 1', null]);
      order.settled(1, granted);
      order.noteStuck(() => false);
      offer(request(2, 'a', { verb: 'get', name: 'q', inHand: false }));
      order.noteStuck(() => false);
      expect([turn(), departures]).toEqual(['pass 2', []]);
      expect(turn()).toBe(null);
      order.noteStuck(() => false);
      expect(departures).toMatchObject([{ position: 1, why: 'nobody lets it come to that' }]);
    });

    it('and waits have their time again', () => {
      const { order, offer, turn } = follow('a wait meet waits, b acquire x');
      offer(request(1, 'a', { verb: 'wait_barrier', name: 'meet' }, 40));
      expect(turn()).toBe('pass 1');
      expect(order.isUntimed(1)).toBe(true);
      order.withdrawAllOf('b', true);
      expect(order.next(0)).toEqual({ type: 'renew', request: request(1, 'a', { verb: 'wait_barrier', name: 'meet' }, 40) });
      expect(order.isUntimed(1)).toBe(false);
      expect(turn()).toBe(null);
    });

    it('where whoever it is has ended', () => {
      const { order, departures } = follow('a acquire x');
      order.withdrawAllOf('a', false);
      expect(departures).toEqual([]);
      order.withdrawAllOf('a', true);
      expect(departures).toMatchObject([{ why: 'it has ended before' }]);
    });
  });

  it('that was left holds back no set, which may be that of an end: who waits for it would hear first that it never comes', () => {
    const { order, offer, departures } = follow('b set e, a acquire x');
    offer(acquire(1, 'a', 'x'));
    offer(request(2, 'c', { verb: 'wait_event', name: 'e' }));
    order.withdrawAllOf('b', true);
    expect(departures.map(({ why }) => why)).toEqual(['it has ended before']);
    expect([order.isHolding, offer(request(3, 'b', { verb: 'set', name: 'e' }))]).toEqual([true, false]);
  });

  it('forgets what nobody wants any more', () => {
    const { order, offer, turn } = follow('b acquire y, a acquire x');
    offer(acquire(1, 'a', 'x'));
    offer(acquire(2, 'c', 'x'));
    expect(order.withdraw(1)).toBe(true);
    expect(order.withdraw(1)).toBe(false);
    expect(order.withdrawAllOf('c', true)).toEqual([2]);
    expect(turn()).toBe(null);
  });
});
