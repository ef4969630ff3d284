import type { Broker } from '../broker/broker.ts';
import { unlisted } from '../base/unlisted.ts';
import type { Loans, Tally } from './door/loans.ts';

/**
 * Settles the loans of an instance that has ended, or of one process of it: what it had taken is its own,
 * and the broker, told of the end next, gives the rest to others.
 */
export function endLoans(loans: Loans, broker: Broker, instance: string, holder: string | null, nowMs: number): void {
  for (const tally of loans.end(instance, holder)) tellTaken(broker, tally, nowMs);
}

/** Tells the broker what the readers of a queue have taken and not said yet, so that whoever looks sees what is there. */
export function countLoans(loans: Loans, broker: Broker, queue: string, nowMs: number): void {
  for (const tally of loans.counted(queue)) tellTaken(broker, tally, nowMs);
}

function tellTaken(broker: Broker, { owner, queue, taken }: Tally, nowMs: number): void {
  const operation = { verb: 'give_back', name: queue, taken, count: 0 } as const;
  const request = { id: unlisted, owner, operation, deadlineMs: nowMs };
  // What comes of it is nobody's question; what matters is that it takes effect before what is asked next.
  if (broker.attempt(request, nowMs) === null) broker.request(request, nowMs);
}
