import type { Broker } from '../../src/broker/broker.ts';
import type { SyncEvent } from '../../src/sync/operation.ts';

/**
 * A broker that answers in a later turn, and what it has to tell together in another order: nothing
 * may rely on the memory broker's manners. It can tell no attempt at once. Requests still take effect in
 * the order of the calls.
 */
export function createLateBroker(inner: Broker, seed: number): Broker {
  const listeners: ((event: SyncEvent) => void)[] = [];
  const held: SyncEvent[] = [];
  let state = seed;

  const nextBelow = (bound: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * bound);
  };

  /** Tells one held event, whichever, and comes back in another turn for the rest. */
  const tellOne = (): void => {
    const [event] = held.splice(nextBelow(held.length), 1);
    if (held.length > 0) setImmediate(tellOne);
    if (event !== undefined) for (const listener of listeners) listener(event);
  };

  inner.listen((event) => {
    held.push(event);
    if (held.length === 1) setImmediate(tellOne);
  });

  return {
    ...inner,
    attempt: () => null,
    listen: (listener) => {
      listeners.push(listener);
    },
  };
}
