import type { Operation } from '../sync/operation.ts';
import type { ScheduledOperation, ScheduledVerb } from './schedule.ts';

/** What a schedule calls it; null of what has no turn, since nobody ever waits for it nor lets anybody go on by it alone. */
export function scheduledVerb(operation: Operation): ScheduledVerb | null {
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
    case 'abort_barrier':
      return 'abort';
    case 'reset_barrier':
      return 'reset';
    default:
      return null;
  }
}

/** Whether it is the operation that a schedule means; of several events that are waited for, each is. */
export function isScheduled(scheduled: ScheduledOperation, instance: string, operation: Operation): boolean {
  if (scheduled.instance !== instance || scheduled.op !== scheduledVerb(operation)) return false;
  if (operation.verb !== 'acquire' && operation.verb !== 'release') return 'name' in operation && scheduled.on.includes(operation.name);
  const names = new Set(operation.demands.map(({ name }) => name));
  return names.size === new Set(scheduled.on).size && scheduled.on.every((name) => names.has(name));
}
