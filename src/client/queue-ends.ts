import type { CollectedPuts } from './collected-puts.ts';
import type { Loan } from './loan.ts';

/** What the handles of one queue share: they are all one reader and one writer. */
export class QueueEnds {
  /** Where its items are put that need not wait; null where it has a bound, or is not known yet. */
  puts: CollectedPuts | null = null;
  isKnown = false;
  loan: Loan | null = null;
  /** The loan that is being begun: a queue has one of a program. */
  borrowing: Promise<Loan | null> | null = null;
  /** Gets since they were last counted, and when that was. */
  gets = 0;
  countedSinceMs = 0;
}
