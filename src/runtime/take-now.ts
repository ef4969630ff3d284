import type { Broker } from '../broker/broker.ts';
import { ownHolders } from '../engine/own-holders.ts';
import type { Outcome } from '../sync/operation.ts';
import { unlisted } from '../sync/unlisted.ts';

/** Takes an item for a pool, which has it in hand from then on, if one is there; null from a broker that cannot tell at once. */
export function takeNow(broker: Broker, pool: string, queue: string, nowMs: number): Outcome | null {
  const owner = { instance: pool, holder: ownHolders.steps };
  return broker.attempt({ id: unlisted, owner, operation: { verb: 'get', name: queue, inHand: true }, deadlineMs: nowMs }, nowMs);
}
