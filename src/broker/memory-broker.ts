import type { PrimitiveDefinition } from '../sync/definition.ts';
import type { Outcome, SyncEvent, SyncRequest } from '../sync/operation.ts';
import { SyncTable } from '../sync/sync-table.ts';
import { isForNobody } from './is-for-nobody.ts';
import type { Broker } from './broker.ts';

/**
 * A broker for one machine: the table itself, in this process. It answers in the same turn. What a
 * listener asks while it is being told something is done at once, and told after what came before.
 */
export function createMemoryBroker(definitions: readonly PrimitiveDefinition[]): Broker {
  const table = new SyncTable(definitions);
  const listeners: ((event: SyncEvent) => void)[] = [];
  const untold: SyncEvent[] = [];
  let telling = false;

  const tellOne = (event: SyncEvent): void => {
    if (!isForNobody(event)) for (const listener of listeners) listener(event);
  };

  const tell = (events: readonly SyncEvent[]): void => {
    if (telling) {
      untold.push(...events);
      return;
    }
    telling = true;
    try {
      for (const event of events) tellOne(event);
      // It grows meanwhile.
      for (const event of untold) tellOne(event);
    } finally {
      if (untold.length > 0) untold.length = 0;
      telling = false;
    }
  };

  const attempt = (request: SyncRequest, nowMs: number): Outcome | null => {
    let outcome: Outcome | null = null;
    const others: SyncEvent[] = [];
    for (const event of table.request({ ...request, deadlineMs: nowMs }, nowMs)) {
      if (event.type === 'settled' && event.requestId === request.id) outcome = event.outcome;
      else others.push(event);
    }
    if (others.length > 0) tell(others);
    return outcome;
  };

  return {
    attempt,
    request: (request, nowMs) => tell(table.request(request, nowMs)),
    cancel: (requestId) => tell(table.cancel(requestId)),
    close: (closing) => tell(table.close(closing)),
    ownerEnded: (instance, final) => tell(table.ownerEnded(instance, final)),
    holderEnded: (owner) => tell(table.holderEnded(owner)),
    expire: (nowMs) => tell(table.expire(nowMs)),
    nextDeadlineMs: () => table.nextDeadlineMs(),
    snapshot: () => table.snapshot(),
    look: (name) => table.look(name),
    listen: (listener) => {
      listeners.push(listener);
    },
  };
}
