/*
 * Finds what nobody can act on any more, and says so to the broker once: a queue at its end or without
 * takers, an event nobody can still set, a condition nobody can still notify, a barrier that too few
 * can still reach, a pool nobody can still submit to (semantics 3, 4 and 7).
 */
import type { Actor } from '../plan/plan.ts';
import { type ActorIndex, canStillAct } from './can-act.ts';
import type { Context } from './context.ts';

type Action = Actor['action'];

/** How long the broker has to answer before a question counts as a wait, in ms. */
export const answerTimeMs = 40;

/** Things that are still open, each with an actor that kept it open when it was last looked at. */
export class Closings {
  readonly #context: Context;
  readonly #index: ActorIndex;
  readonly #witnesses = new Map<string, Actor>();
  readonly #closed = new Set<string>();

  constructor(context: Context, index: ActorIndex) {
    this.#context = context;
    this.#index = index;
  }

  /** Closes what has lost its last actor; true when anything was closed. */
  look(): boolean {
    let closedAny = false;
    for (const primitive of this.#context.plan.primitives) {
      const { name } = primitive;
      switch (primitive.kind) {
        case 'queue':
          if (this.#lost('put', name) || this.#feedsOnlyItself(name)) {
            closedAny = this.#close(`put:${name}`, () => {
              this.#context.close({ type: 'end_of_stream', name });
            }) || closedAny;
          }
          if (this.#lost('get', name)) {
            closedAny = this.#close(`get:${name}`, () => {
              this.#context.close({ type: 'break', name });
            }) || closedAny;
          }
          break;
        case 'event':
        case 'condition':
          if (this.#lost(primitive.kind === 'event' ? 'set' : 'notify', name)) {
            closedAny = this.#close(`set:${name}`, () => {
              this.#context.close({ type: 'orphan', name });
            }) || closedAny;
          }
          break;
        case 'barrier':
          if (this.#tooFewFor(name, primitive.parties)) {
            closedAny = this.#close(`wait:${name}`, () => {
              this.#context.close({ type: 'break', name });
            }) || closedAny;
          }
          break;
        case 'lock':
        case 'semaphore':
        case 'pipe':
        case 'value':
          break;
      }
    }
    for (const pool of this.#context.pools.values()) {
      if (pool.submitOpen && this.#lost('submit', pool.name)) {
        this.#context.post({ type: 'pool_closed', pool: pool.name });
        closedAny = this.#close(`submit:${pool.name}`, () => undefined) || closedAny;
      }
    }
    return closedAny;
  }

  #close(key: string, close: () => void): boolean {
    if (this.#closed.has(key)) return false;
    this.#closed.add(key);
    close();
    return true;
  }

  /** No actor is left. The last witness is asked first, so that the usual answer is quick. */
  #lost(action: Action, name: string): boolean {
    const key = `${action}:${name}`;
    const witness = this.#witnesses.get(key);
    if (witness !== undefined && canStillAct(this.#context, this.#index, witness)) return false;
    const next = this.#index.of(action, name).find((actor) => canStillAct(this.#context, this.#index, actor));
    if (next === undefined) {
      this.#witnesses.delete(key);
      return true;
    }
    this.#witnesses.set(key, next);
    return false;
  }

  /** Everybody who can still put only waits for the next item of this very queue. */
  #feedsOnlyItself(queue: string): boolean {
    const producers = this.#index.of('put', queue).filter((actor) => canStillAct(this.#context, this.#index, actor));
    return producers.every((actor) => this.#onlyWaitsFor(actor.who, queue));
  }

  #onlyWaitsFor(who: string, queue: string): boolean {
    const pool = this.#context.pools.get(who);
    if (pool !== undefined) {
      const isEmptyHanded = pool.plan.tasks.type === 'queue' && pool.plan.tasks.queue === queue && pool.tasks.size === 0;
      return isEmptyHanded && pool.getRequest !== null && this.#isWaiting(pool.getRequest);
    }
    const machineId = this.#context.instances.get(who)?.machine ?? null;
    const machine = machineId === null ? undefined : this.#context.machines.get(machineId);
    if (machine?.blocked?.type !== 'request' || (machine.inHand.get(queue) ?? 0) > 0) return false;
    const request = this.#context.requests.get(machine.blocked.requestId);
    const isGet = request?.verb === 'get' && request.names[0] === queue && !request.hasDeadline;
    return isGet && this.#isWaiting(machine.blocked.requestId);
  }

  /** It was asked long enough ago for an item to have come; otherwise it is looked at again. */
  #isWaiting(requestId: number): boolean {
    const request = this.#context.requests.get(requestId);
    if (request === undefined) return false;
    if (this.#context.nowMs - request.askedMs >= answerTimeMs) return true;
    this.#context.waitsChanged = true;
    return false;
  }

  /** Fewer parties are left than the barrier needs; those that wait at it count. */
  #tooFewFor(barrier: string, parties: number): boolean {
    const able = new Set<string>();
    let count = 0;
    for (const actor of this.#index.of('wait', barrier)) {
      if (able.has(actor.who) || !canStillAct(this.#context, this.#index, actor)) continue;
      able.add(actor.who);
      count += this.#context.pools.get(actor.who)?.plan.workers ?? 1;
      if (count >= parties) return false;
    }
    return true;
  }
}
