import type { Broker } from '../broker/broker.ts';
import { unlisted } from './attempt-call.ts';
import type { Loans } from './door/loans.ts';

/**
 * Settles the loans of an instance that has ended, or of one process of it: what it had taken is its own,
 * and the broker, told of the end next, gives the rest to others.
 */
export function endLoans(loans: Loans, broker: Broker, instance: string, holder: string | null, nowMs: number): void {
  for (const { owner, queue, taken } of loans.end(instance, holder)) {
    const operation = { verb: 'give_back', name: queue, taken, count: 0 } as const;
    broker.attempt({ id: unlisted, owner, operation, deadlineMs: nowMs }, nowMs);
  }
}
