import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { RandomOrder } from '../../../src/schedule/random-order.ts';
import type { Closing } from '../../../src/sync/closing.ts';
import type { Operation, SyncRequest } from '../../../src/sync/operation.ts';

const set: Operation = { verb: 'set', name: 'go' };

function request(id: number, instance: string, operation = set): SyncRequest {
  return { id, owner: { instance, holder: 'steps' }, operation, deadlineMs: null };
}

/** Instances in the order in which their operations have their turns, when all come at once. */
function turns(seed: number, instances: readonly string[]): readonly string[] {
  const order = new RandomOrder(seed);
  for (const [id, instance] of instances.entries()) order.offer(request(id + 1, instance), 0);
  const passed: string[] = [];
  for (let turn = order.next(0); turn !== null; turn = order.next(0)) if (turn.type === 'pass') passed.push(turn.request.owner.instance);
  return passed;
}

it('is the same for the same seed, in whatever order the operations come', () => {
  fc.assert(
    fc.property(fc.nat(), fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e'], { minLength: 5 }), (seed, instances) => {
      expect(turns(seed, instances)).toEqual(turns(seed, instances.toSorted()));
    }),
  );
});

it('is each of the orders of three, by some seed', () => {
  const orders = new Set(Array.from({ length: 200 }, (_, seed) => turns(seed, ['a', 'b', 'c']).join('')));
  expect([...orders].toSorted()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
});

it('gives everybody a turn, however many operations others still come with', () => {
  const order = new RandomOrder(7);
  order.offer(request(1, 'patient'), 0);
  for (let id = 2; id < 100; id += 1) {
    order.offer(request(id, 'busy'), 0);
    const turn = order.next(0);
    if (turn?.type === 'pass' && turn.request.id === 1) return;
  }
  expect.unreachable('`patient` has had no turn');
});

it('holds back no operation that nobody waits for, and lets the time of a wait begin with its turn', () => {
  const order = new RandomOrder(1);
  expect(order.offer(request(1, 'a', { verb: 'load', name: 'count' }), 0)).toBe(false);
  order.offer({ ...request(2, 'a'), deadlineMs: 100 }, 40);
  expect(order.next(90)).toEqual({ type: 'pass', request: { ...request(2, 'a'), deadlineMs: 150 } });
  expect(order.isHolding).toBe(false);
});

it('forgets what nobody wants any more', () => {
  const order = new RandomOrder(1);
  order.offer(request(1, 'a'), 0);
  order.offer(request(2, 'b'), 0);
  order.offer(request(3, 'b'), 0);
  expect([order.withdraw(1), order.withdraw(1)]).toEqual([true, false]);
  expect(order.withdrawAllOf('b')).toEqual([2, 3]);
  expect(order.next(0)).toBe(null);
});

it('lets an event be set before it is said that nobody can still set it: whoever has ended sets it by its end', () => {
  const order = new RandomOrder(1);
  const closing: Closing = { type: 'orphan', name: 'go' };
  order.offer(request(1, 'a'), 0);
  order.offer(request(2, 'b', { verb: 'wait_event', name: 'go' }), 0);
  expect(order.offerClosing(closing)).toBe(true);
  const types: string[] = [];
  for (let turn = order.next(0); turn !== null; turn = order.next(0)) types.push(turn.type === 'pass' ? turn.request.operation.verb : turn.type);
  expect(types.indexOf('close')).toBe(types.indexOf('set') + 1);
  expect([order.isHolding, order.offerClosing(closing)]).toEqual([false, false]);
});

it('has whoever ends set before what he has set, and give back what he has released', () => {
  const order = new RandomOrder(1);
  const release: Operation = { verb: 'release', demands: [{ name: 'door', permits: 1 }] };
  order.offer(request(1, 'a'), 0);
  order.offer(request(2, 'a', { verb: 'wait_event', name: 'go' }), 0);
  order.offer(request(3, 'b'), 0);
  order.offer(request(4, 'a', release), 0);
  expect(order.lastOf('a')).toEqual([request(1, 'a'), request(4, 'a', release)]);
  expect(order.withdrawAllOf('a')).toEqual([2]);
  expect(order.holds(3)).toBe(true);
});
