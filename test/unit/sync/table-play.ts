import type { Json } from '../../../src/base/json.ts';
import type { Closing } from '../../../src/sync/closing.ts';
import type { PrimitiveDefinition } from '../../../src/sync/definition.ts';
import type { Demand, Operation, SyncEvent } from '../../../src/sync/operation.ts';
import { SyncTable } from '../../../src/sync/sync-table.ts';

/**
 * A table in use, with what it says as short texts: `1 granted`, `2 granted "item"`, `3 timed_out`,
 * `4 broken`. Requests are numbered from 1 in the order in which they are asked.
 */
export class TablePlay {
  nowMs = 0;
  readonly table: SyncTable;
  #lastId = 0;

  constructor(...definitions: readonly PrimitiveDefinition[]) {
    this.table = new SyncTable(definitions);
  }

  /** Asks as `instance` or `instance/holder`; the holder is `steps` where none is given. */
  ask(who: string, operation: Operation, timeoutMs: number | null = null): readonly string[] {
    return this.askRaw(who, operation, timeoutMs).map(toText);
  }

  /** As `ask`, with the events as they are. */
  askRaw(who: string, operation: Operation, timeoutMs: number | null = null): readonly SyncEvent[] {
    const [instance = '', holder = 'steps'] = who.split('/');
    this.#lastId += 1;
    const deadlineMs = timeoutMs === null ? null : this.nowMs + timeoutMs;
    return this.table.request({ id: this.#lastId, owner: { instance, holder }, operation, deadlineMs }, this.nowMs);
  }

  cancel(requestId: number): readonly string[] {
    return this.table.cancel(requestId).map(toText);
  }

  close(closing: Closing): readonly string[] {
    return this.table.close(closing).map(toText);
  }

  end(instance: string, final = true): readonly string[] {
    return this.table.ownerEnded(instance, final).map(toText);
  }

  advance(ms: number): readonly string[] {
    this.nowMs += ms;
    return this.table.expire(this.nowMs).map(toText);
  }

  /** The numbers of the requests that wait, in order of arrival. */
  waiting(): readonly number[] {
    return this.table.snapshot().waiting.map(({ requestId }) => requestId);
  }
}

/** Takes one permit of each, or so many as stand behind the name: `slots*2`. */
export function acquire(...names: readonly string[]): Operation {
  return { verb: 'acquire', demands: names.map(toDemand) };
}

/** Returns what `acquire` takes. */
export function release(...names: readonly string[]): Operation {
  return { verb: 'release', demands: names.map(toDemand) };
}

/** Returns at the end of a `with` what is left of what it took. */
export function releaseOwed(...names: readonly string[]): Operation {
  return { verb: 'release', demands: names.map(toDemand), isOwed: true };
}

/** Puts into the queue `work`. */
export function put(item: Json, priority = 0): Operation {
  return { verb: 'put', name: 'work', item, priority };
}

/** Gets from the queue `work` and keeps the item in hand. */
export const get: Operation = { verb: 'get', name: 'work', inHand: true };

function toDemand(text: string): Demand {
  const [name = '', permits = '1'] = text.split('*');
  return { name, permits: Number(permits) };
}

function toText(event: SyncEvent): string {
  if (event.type === 'items_dropped') return `${event.instance} lost ${String(event.count)} of ${event.queue}`;
  if (event.type === 'pipe_ended') return `${event.pipe} of ${event.instance} has ended`;
  if (event.type === 'recall') return `${event.owner.instance} is to give ${event.queue} back`;
  if (event.type === 'foreign_release') return `${event.instance} returned ${event.permits === 1 ? '' : String(event.permits)}${event.permits === 1 ? '' : ' '}${event.semaphore} of ${event.from}`;
  if (event.type === 'reclaimed_free') return `${event.owner.instance} had released ${event.lock}`;
  const { requestId, outcome } = event;
  if (outcome.status === 'failed') return `${String(requestId)} ${outcome.reason}`;
  const value = outcome.status === 'granted' && outcome.value !== null ? ` ${JSON.stringify(outcome.value)}` : '';
  return `${String(requestId)} ${outcome.status}${value}`;
}
