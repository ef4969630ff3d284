import type { Outcome } from '../sync/operation.ts';
import type { ScheduledOperation } from './schedule.ts';

/** Whether an operation has come out as a schedule has it. */
export function isAsScheduled({ op, outcome: scheduled }: ScheduledOperation, outcome: Outcome): boolean {
  if (op === 'timeout') return outcome.status === 'timed_out';
  return outcome.status === (scheduled === 'ends' ? 'failed' : 'granted');
}
