import { type HeldRequest, orderedTimesMs } from './operation-order.ts';
import type { ScheduledOperation } from './schedule.ts';

/** Whether it waits at a condition for so long only. */
export function isTimedAtCondition({ operation, deadlineMs }: HeldRequest): boolean {
  return operation.verb === 'wait_condition' && deadlineMs !== null;
}

/** The time of a wait that the operation at this position of a schedule ends. */
export function endingMs(position: number): number {
  return orderedTimesMs + position;
}

/** The time of a wait that the primitives know nothing of. */
export function isAwaitedTime({ op, outcome }: ScheduledOperation): boolean {
  return op === 'timeout' && outcome === 'waits';
}

/** The time of a whole attempt, whatever it does by then: it ends, and nothing more comes of what it has asked for. */
export function isAttemptsTime({ op, outcome }: ScheduledOperation): boolean {
  return op === 'timeout' && outcome === 'ends';
}

/** Which of the things of an operation a request is about: of several events, each has a request of its own. */
export function nameOf({ op }: ScheduledOperation, request: HeldRequest | undefined): string {
  if (request === undefined || op === 'acquire' || op === 'release' || !('name' in request.operation)) return op;
  return request.operation.name;
}
