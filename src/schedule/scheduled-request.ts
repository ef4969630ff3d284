import type { Operation } from '../sync/operation.ts';
import type { RunDeed } from '../sync/run-deed.ts';
import type { ScheduledOperation, ScheduledVerb } from './schedule.ts';

/** Whether the primitives know nothing of it. */
export function isRunDeed(operation: Operation | RunDeed): operation is RunDeed {
  return 'names' in operation;
}

/** Whether somebody does it to others, who are not asked. */
export function isOrder({ verb }: Operation | RunDeed): boolean {
  return verb === 'start' || verb === 'terminate' || verb === 'kill';
}

/** What a schedule calls it; null of what has no turn, since nobody ever waits for it nor lets anybody go on by it alone. */
export function scheduledVerb(operation: Operation | RunDeed): ScheduledVerb | null {
  if (isRunDeed(operation)) return operation.verb;
  switch (operation.verb) {
    case 'acquire':
    case 'release':
    case 'set':
    case 'clear':
    case 'notify':
      return operation.verb;
    case 'wait_event':
    case 'wait_barrier':
    case 'wait_condition':
      return 'wait';
    case 'put':
    case 'put_some':
    case 'send':
      return 'put';
    case 'get':
    case 'get_some':
    case 'receive':
      return 'get';
    case 'join_queue':
      return 'join';
    case 'close_pipe':
      return 'close';
    case 'abort_barrier':
      return 'abort';
    case 'reset_barrier':
      return 'reset';
    default:
      return null;
  }
}

/** Whether it is the operation that a schedule means; of several events that are waited for, each is. */
export function isScheduled(scheduled: ScheduledOperation, instance: string, operation: Operation | RunDeed): boolean {
  if (scheduled.instance !== instance || scheduled.op !== scheduledVerb(operation)) return false;
  if (isRunDeed(operation)) return isSame(operation.names, scheduled.on);
  if (operation.verb !== 'acquire' && operation.verb !== 'release') return 'name' in operation && scheduled.on.includes(operation.name);
  return isSame(operation.demands.map(({ name }) => name), scheduled.on);
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  const known = new Set(names);
  return known.size === new Set(others).size && others.every((name) => known.has(name));
}
