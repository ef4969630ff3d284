import { deepStrictEqual, ok } from 'node:assert/strict';
import { unreachable } from '../../../src/base/invariant.ts';
import type { Json } from '../../../src/base/json.ts';
import type { Demand, Owner, SyncEvent, SyncRequest } from '../../../src/sync/operation.ts';
import type { Command } from './commands.ts';
import type { Model } from './machine.ts';

interface Held {
  readonly owner: Owner;
  readonly demands: readonly Demand[];
}

interface Taken {
  readonly owner: Owner;
  readonly name: string;
  readonly itemId: number;
}

/** Something that happens to a table, with ids, times and references filled in. */
export type Call = (model: Model) => SyncEvent[];

/**
 * Turns commands into calls, and watches what every one of them says: a request settles once, and
 * only if it was asked.
 */
export class Driver {
  nowMs = 0;
  readonly #asked = new Map<number, SyncRequest>();
  readonly #settled = new Set<number>();
  #held: Held[] = [];
  #taken: Taken[] = [];
  /** What each reader was lent and has not given back, and how much of it it has taken. */
  readonly #readers = new Map<string, { readonly instance: string; readonly lent: number; readonly taken: number }>();

  /** The call for a command; null where it refers to something that does not exist yet. */
  callFor(command: Command): Call | null {
    switch (command.type) {
      case 'request':
        return this.#ask(command.owner, command.operation, command.timeoutMs);
      case 'as_holder': {
        const held = this.#held.at(-1 - (command.pick % 2));
        return held === undefined ? null : this.#ask(held.owner, command.operation, command.timeoutMs);
      }
      case 'by_itself': {
        const { owner } = this.#held.at(-1 - (command.pick % 2)) ?? { owner: { instance: 'a', holder: 'steps' } };
        return this.#leave(owner, command.name, command.grants, command.isHeld);
      }
      case 'release_granted': {
        const held = takeOut(this.#held, command.pick);
        return held === undefined ? null : this.#ask(held.owner, { verb: 'release', demands: held.demands }, null);
      }
      case 'finish_item': {
        const taken = takeOut(this.#taken, command.pick);
        if (taken === undefined) return null;
        return this.#ask(taken.owner, { verb: 'item_done', name: taken.name, itemId: taken.itemId }, null);
      }
      case 'borrow': {
        const { owner, name, max, inHand } = command;
        const taken = this.#takenOf(owner, command.more);
        return this.#ask(owner, { verb: 'get_some', name, inHand, max, taken }, command.timeoutMs);
      }
      case 'give_back': {
        const { owner, name, count } = command;
        return this.#ask(owner, { verb: 'give_back', name, taken: this.#takenOf(owner, command.more), count }, null);
      }
      case 'cancel': {
        const ids = [...this.#asked.keys()];
        const id = ids[command.pick % Math.max(ids.length, 1)] ?? 0;
        return (model) => model.cancel(id);
      }
      case 'end':
        for (const [key, { instance }] of this.#readers) if (instance === command.instance) this.#readers.delete(key);
        return (model) => model.ownerEnded(command.instance, command.final);
      case 'holder_end':
        this.#readers.delete(keyOf(command.owner));
        return (model) => model.holderEnded(command.owner);
      case 'advance': {
        this.nowMs += command.ms;
        const { nowMs } = this;
        return (model) => model.expire(nowMs);
      }
      case 'close':
        return (model) => model.close(command.closing);
      default:
        return unreachable(command);
    }
  }

  /** Checks what a call said, and remembers it. */
  heard(events: readonly SyncEvent[]): void {
    for (const event of events) {
      if (event.type !== 'settled') continue;
      const request = this.#asked.get(event.requestId);
      ok(request !== undefined, `request ${String(event.requestId)} was asked`);
      ok(!this.#settled.has(event.requestId), `request ${String(event.requestId)} settles once`);
      this.#settled.add(event.requestId);
      const { outcome } = event;
      const { operation, owner } = request;
      if (outcome.status !== 'granted') continue;
      this.#noteLoan(owner, operation, outcome.value);
      if (operation.verb === 'acquire') this.#held.push({ owner, demands: operation.demands });
      if (operation.verb === 'get' && outcome.itemId !== null) {
        this.#taken.push({ owner, name: operation.name, itemId: outcome.itemId });
      }
    }
  }

  /** Checks that nothing that was asked is still unanswered. */
  everythingSettled(): void {
    deepStrictEqual([...this.#asked.keys()].filter((id) => !this.#settled.has(id)), []);
  }

  /**
   * Takes so many more of what the owner was lent, as far as it goes; gives how many it has taken in all.
   * Whoever wants three more than there are says that it has taken one that it was never lent.
   */
  #takenOf(owner: Owner, more: number): number {
    const reader = this.#readers.get(keyOf(owner)) ?? { instance: owner.instance, lent: 0, taken: 0 };
    if (reader.taken + more >= reader.lent + 3) return reader.lent + 1;
    const taken = Math.min(reader.taken + more, reader.lent);
    this.#readers.set(keyOf(owner), { ...reader, taken });
    return taken;
  }

  #noteLoan(owner: Owner, operation: SyncRequest['operation'], value: Json): void {
    const reader = this.#readers.get(keyOf(owner)) ?? { instance: owner.instance, lent: 0, taken: 0 };
    if (operation.verb === 'get_some' && operation.taken !== null && Array.isArray(value)) {
      this.#readers.set(keyOf(owner), { ...reader, lent: reader.lent + value.length - 1 });
    } else if (operation.verb === 'give_back') {
      this.#readers.set(keyOf(owner), { ...reader, lent: reader.lent - operation.count });
    }
  }

  /** Leaves a lock to its holder and takes it back at once; where it was not left to it, nothing can be taken back. */
  #leave(owner: Owner, name: string, grants: number, isHeld: boolean): Call {
    const { nowMs } = this;
    const delegate = this.#ask(owner, { verb: 'delegate', name }, null);
    const reclaim = { verb: 'reclaim', name, token: grants, isHeld } as const;
    const id = this.#asked.size + 1;
    this.#asked.set(id, { id, owner, operation: reclaim, deadlineMs: null });
    return (model) => {
      const events = delegate(model);
      const [left] = events;
      const first = left?.type === 'settled' && left.outcome.status === 'granted' ? Number(left.outcome.value) : 0;
      return [...events, ...model.request({ id, owner, operation: { ...reclaim, token: first + grants }, deadlineMs: null }, nowMs)];
    };
  }

  #ask(owner: Owner, operation: SyncRequest['operation'], timeoutMs: number | null): Call {
    const { nowMs } = this;
    const deadlineMs = timeoutMs === null ? null : nowMs + timeoutMs;
    const request: SyncRequest = { id: this.#asked.size + 1, owner, operation, deadlineMs };
    this.#asked.set(request.id, request);
    return (model) => model.request(request, nowMs);
  }
}

function takeOut<T>(list: T[], pick: number): T | undefined {
  return list.splice(list.length === 0 ? 0 : pick % list.length, 1)[0];
}

function keyOf({ instance, holder }: Owner): string {
  return `${instance}/${holder}`;
}
