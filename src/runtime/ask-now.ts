import type { Broker } from '../broker/broker.ts';
import type { Operation, Outcome, Owner } from '../sync/operation.ts';
import { unlisted } from '../base/unlisted.ts';

/** Asks for what may be had without any wait; null from a broker that cannot tell at once, of which nothing was asked. */
export function askNow(broker: Broker, owner: Owner, operation: Operation, nowMs: number): Outcome | null {
  return broker.attempt({ id: unlisted, owner, operation, deadlineMs: nowMs }, nowMs);
}
