import type { Broker } from '../broker/broker.ts';
import type { PrimitiveDefinition } from '../sync/definition.ts';
import type { Operation, SyncRequest } from '../sync/operation.ts';
import type { Credits } from './credits.ts';
import type { Loans } from './door/loans.ts';
import { Patience } from './patience.ts';
import { countLoans } from './settle-loans.ts';

/** What a settled broker needs besides the one that keeps the queues. */
interface SettledBrokerOptions {
  readonly loans: Loans;
  readonly credits: Credits;
  readonly definitions: readonly PrimitiveDefinition[];
  readonly nowMs: () => number;
}

/**
 * A broker that first hears what clients have done and not said yet, wherever that matters: what was put on
 * credit before somebody gets, joins, looks or puts behind it; what was taken of loans before somebody looks; both before
 * a put is refused or waits, for which the room that was granted and not used is called off.
 */
export function settledBroker(inner: Broker, { loans, credits, definitions, nowMs }: SettledBrokerOptions): Broker {
  const bounded = new Set(definitions.flatMap((definition) => (definition.kind === 'queue' && definition.capacity !== null ? [definition.name] : [])));
  const makeRoom = (queue: string, now: number): void => {
    credits.callOff(queue);
    countLoans(loans, inner, queue, now);
  };
  const patience = new Patience((queue) => {
    if (!roomIsWanted(queue)) return;
    loans.wantRoomAtOnce(queue);
    makeRoom(queue, nowMs());
  });
  /** From here on each reader says when it takes: a put waits for the room. */
  const watchRoom = (queue: string, now: number): void => {
    // First this, then the count: who takes in between sees it or is counted.
    if (loans.wantRoom(queue)) patience.begin(queue);
    makeRoom(queue, now);
  };
  const roomIsWanted = (queue: string): boolean => inner.look(queue)?.waiting.some(({ operation }) => isPut(operation)) ?? false;
  const takeInFor = ({ operation, owner }: SyncRequest): void => {
    // A lock that was left to its holder goes to others: what was put under it comes before what they put.
    if (operation.verb === 'reclaim') credits.takeInOf(owner.instance);
    else if (mindsItems(operation) || isPut(operation)) credits.takeIn(operation.name);
  };
  /** A reader was told once; while somebody still waits, it is to say so again. */
  const watchOn = ({ operation }: SyncRequest, now: number): void => {
    if (operation.verb === 'give_back' && bounded.has(operation.name) && roomIsWanted(operation.name)) watchRoom(operation.name, now);
  };
  return {
    ...inner,
    request: (request, now) => {
      const { operation } = request;
      if (isGet(operation)) credits.want(operation.name);
      else takeInFor(request);
      if (isPut(operation) && bounded.has(operation.name)) watchRoom(operation.name, now);
      inner.request(request, now);
      watchOn(request, now);
    },
    attempt: (request, now) => {
      const { operation } = request;
      takeInFor(request);
      const outcome = inner.attempt(request, now);
      watchOn(request, now);
      if (mindsItems(operation)) credits.extend(operation.name);
      if (!isPut(operation) || outcome?.status !== 'timed_out') return outcome;
      makeRoom(operation.name, now);
      return inner.attempt(request, now);
    },
    close: (closing, now) => {
      credits.callOff(closing.name);
      inner.close(closing, now);
    },
    ownerEnded: (instance, final, now) => {
      credits.callOffAllOf(instance);
      inner.ownerEnded(instance, final, now);
    },
    look: (name) => {
      credits.takeIn(name);
      countLoans(loans, inner, name, nowMs());
      return inner.look(name);
    },
  };
}

function isPut(operation: Operation): operation is Extract<Operation, { verb: 'put' | 'put_some' }> {
  return operation.verb === 'put' || operation.verb === 'put_some';
}

function isGet(operation: Operation): operation is Extract<Operation, { verb: 'get' | 'get_some' }> {
  return operation.verb === 'get' || operation.verb === 'get_some';
}

/** Whether it matters to it, or to those who join, what is in the queue. */
function mindsItems(operation: Operation): operation is Extract<Operation, { verb: 'get' | 'get_some' | 'give_back' | 'item_done' | 'task_done' | 'join_queue' }> {
  return isGet(operation) || ['give_back', 'item_done', 'task_done', 'join_queue'].includes(operation.verb);
}
