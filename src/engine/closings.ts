/*
 * Finds what nobody can act on any more, and says so to the broker once: a queue at its end or without
 * takers, an event nobody can still set, a condition nobody can still notify, a barrier that too few
 * can still reach, a pool nobody can still submit to (semantics 3, 4 and 7).
 */
import type { Actor } from '../plan/plan.ts';
import { type ActorIndex, canStillAct } from './can-act.ts';
import type { Closing } from '../sync/closing.ts';
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

  /**
   * Closes what has lost its last actor; true when anything was closed. `atRest` says that every answer
   * of the broker has been handled: only then is somebody who waits for an item known to have none.
   */
  look(atRest: boolean): boolean {
    const closedBefore = this.#closed.size;
    for (const primitive of this.#context.plan.primitives) {
      const { name } = primitive;
      switch (primitive.kind) {
        case 'queue':
          // Those who only wait for the next item of this very queue do not keep it open.
          this.#look('put', name, { type: 'end_of_stream', name }, (actor) => !(atRest && this.#onlyWaitsFor(actor.who, name)));
          this.#look('get', name, { type: 'break', name });
          break;
        case 'event':
          this.#look('set', name, { type: 'orphan', name });
          break;
        case 'condition':
          this.#look('notify', name, { type: 'orphan', name });
          break;
        case 'barrier':
          if (!this.#closed.has(`wait:${name}`) && this.#tooFewFor(name, primitive.parties)) {
            this.#closed.add(`wait:${name}`);
            this.#context.close({ type: 'break', name });
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
      // What runs in `finally` comes after the end of every pool, so that it keeps none open.
      if (pool.submitOpen) this.#look('submit', pool.name, null, (actor) => !this.#isFinally(actor.who));
    }
    return this.#closed.size > closedBefore;
  }

  /** Closes a thing that nobody can act on any more; a pool when there is no closing. */
  #look(action: Action, name: string, closing: Closing | null, counts: (actor: Actor) => boolean = always): void {
    const key = `${action}:${name}`;
    if (this.#closed.has(key)) return;
    const keepsOpen = (actor: Actor): boolean => canStillAct(this.#context, this.#index, actor) && counts(actor);
    // The last witness is asked first, so that the usual answer is quick.
    const before = this.#witnesses.get(key);
    if (before !== undefined && keepsOpen(before)) return;
    const witness = this.#index.of(action, name).find(keepsOpen);
    if (witness !== undefined) {
      this.#witnesses.set(key, witness);
      return;
    }
    this.#witnesses.delete(key);
    this.#closed.add(key);
    if (closing === null) this.#context.post({ type: 'pool_closed', pool: name });
    else this.#context.close(closing);
  }

  #isFinally(who: string): boolean {
    return this.#context.instances.get(who)?.plan.kind === 'finally';
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

function always(): boolean {
  return true;
}
