import type { Operation } from './model.ts';

/** A wait that others end, who let go on whoever waits then. */
type WaitForOthers = Extract<Operation, { do: 'arrive' | 'await_pulse' | 'wait_notified' }>;

/** Whether it is such a wait. */
export function isWaitForOthers(operation: Operation): operation is WaitForOthers {
  return operation.do === 'arrive' || operation.do === 'await_pulse' || operation.do === 'wait_notified';
}

/** The name of what an actor waits at until others let it go on. */
export function wakerOf(operation: WaitForOthers): string {
  switch (operation.do) {
    case 'arrive':
      return operation.barrier;
    case 'await_pulse':
      return operation.event;
    case 'wait_notified':
      return operation.condition;
  }
}
