import type { Owner } from './operation.ts';

/**
 * What somebody does to others of the run, or to itself, and the primitives know nothing of: it has a turn only where everything is done
 * in an order.
 */
export interface RunDeed {
  /** `end`: of an instance, by itself. `close`: of a queue or a pool. `take`: a slot takes the next task of its pool. */
  readonly verb: 'start' | 'terminate' | 'kill' | 'close' | 'submit' | 'take' | 'join' | 'result' | 'shutdown' | 'end';
  /** Instances, pools, or the queue. */
  readonly names: readonly string[];
}

/** Somebody waits for his turn to do it. It is answered as a request to the primitives is. */
export interface TurnRequest {
  /** Of the same numbers as those of requests. */
  readonly id: number;
  readonly owner: Owner;
  readonly operation: RunDeed;
  /** When its time is over; null where that is not limited. */
  readonly deadlineMs: number | null;
}
