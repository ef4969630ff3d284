import { invariant, present, unreachable } from '../base/invariant.ts';
import { Barrier } from './barrier.ts';
import type { Closing } from './closing.ts';
import { Condition } from './condition.ts';
import type { PrimitiveDefinition } from './definition.ts';
import { Flag } from './flag.ts';
import { Holds } from './holds.ts';
import { Lock } from './lock.ts';
import type { Operation, Owner, SyncEvent, SyncRequest } from './operation.ts';
import { cancelled } from './outcome.ts';
import { Pipe } from './pipe.ts';
import { Queue } from './queue.ts';
import type { Resource } from './resource.ts';
import { Semaphore } from './semaphore.ts';
import type { PrimitiveSnapshot, PrimitiveView, SyncSnapshot, WaitingSnapshot } from './snapshot.ts';
import { SharedValue } from './value.ts';
import { type AnyWaiter, Waits } from './waits.ts';

/**
 * All primitives of a run: a synchronous, deterministic state machine. Every call returns what came
 * of it, in order; every request settles exactly once, in the call that asked it or in a later one.
 * Time is an argument and never runs backwards. A name that was not defined, or is of another kind
 * than its operation, is a bug of the caller and throws.
 */
export class SyncTable {
  readonly #waits = new Waits();
  readonly #resources = new Map<string, Resource>();
  readonly #holds = new Holds(this.#resources, this.#waits);
  readonly #flags = new Map<string, Flag>();
  readonly #conditions = new Map<string, Condition>();
  readonly #barriers = new Map<string, Barrier>();
  readonly #queues = new Map<string, Queue>();
  readonly #pipes = new Map<string, Pipe>();
  readonly #values = new Map<string, SharedValue>();
  /** In the order of the definitions. */
  readonly #primitives = new Map<string, { snapshot(): PrimitiveSnapshot }>();

  /** The order of the definitions is the order of the snapshot; a condition may precede its lock. */
  constructor(definitions: readonly PrimitiveDefinition[]) {
    const ofConditions = new Set(definitions.map((definition) => (definition.kind === 'condition' ? definition.lock : null)));
    for (const definition of definitions) {
      if (definition.kind !== 'lock') continue;
      const { name, reentrant } = definition;
      this.#resources.set(name, new Lock(name, reentrant, ofConditions.has(name)));
    }
    for (const definition of definitions) {
      invariant(!this.#primitives.has(definition.name), `\`${definition.name}\` is defined once`);
      this.#primitives.set(definition.name, this.#create(definition));
    }
  }

  /** Asks one question; its outcome is among the events now or of a later call. */
  request(request: SyncRequest, nowMs: number): SyncEvent[] {
    this.#perform(request, nowMs);
    return this.#waits.takeEvents();
  }

  /** Ends a wait as `cancelled`; a request that has settled, or never was, is left alone. */
  cancel(requestId: number): SyncEvent[] {
    const waiter = this.#waits.get(requestId);
    if (waiter !== undefined) this.#callOff([waiter]);
    return this.#waits.takeEvents();
  }

  /** Nobody can act on a primitive any more. */
  close(closing: Closing): SyncEvent[] {
    const { type, name } = closing;
    switch (type) {
      case 'end_of_stream':
        this.#queue(name).end();
        break;
      case 'break': {
        const barrier = this.#barriers.get(name);
        if (barrier === undefined) this.#queue(name).break();
        else barrier.close();
        break;
      }
      case 'orphan': {
        const flag = this.#flags.get(name);
        if (flag === undefined) this.#condition(name).orphan();
        else flag.orphan();
        break;
      }
      default:
        unreachable(type);
    }
    return this.#waits.takeEvents();
  }

  /**
   * An attempt of an instance has ended: its waits are cancelled first, so that nothing that it holds
   * can come back to itself; then everything that it holds is handed over, and what it has in hand is
   * dropped or given back. `final` also closes its pipe ends.
   */
  ownerEnded(instance: string, final: boolean): SyncEvent[] {
    this.#callOff(this.#waits.ofInstance(instance));
    this.#holds.ownerEnded(instance, null);
    for (const queue of this.#queues.values()) queue.ownerEnded(instance);
    if (final) for (const pipe of this.#pipes.values()) pipe.ownerEndedForGood(instance);
    return this.#waits.takeEvents();
  }

  /**
   * One holder within an instance has ended, as when the connection of a worker is closed: its waits are
   * cancelled, then what it holds is handed over. What its instance has in hand stays there.
   */
  holderEnded({ instance, holder }: Owner): SyncEvent[] {
    this.#callOff(this.#waits.ofInstance(instance).filter(({ request }) => request.owner.holder === holder));
    this.#holds.ownerEnded(instance, holder);
    for (const queue of this.#queues.values()) queue.holderEnded(instance, holder);
    return this.#waits.takeEvents();
  }

  /** Ends the waits whose deadline is not after `nowMs`, in order of their deadlines. */
  expire(nowMs: number): SyncEvent[] {
    for (let waiter = this.#dueAt(nowMs); waiter !== null; waiter = this.#dueAt(nowMs)) waiter.timeOut();
    return this.#waits.takeEvents();
  }

  /** When `expire` is next needed; null while no wait has a deadline. */
  nextDeadlineMs(): number | null {
    return this.#waits.firstDue()?.deadlineMs ?? null;
  }

  /** The complete state; two tables with equal snapshots answer everything alike from then on. */
  snapshot(): SyncSnapshot {
    return {
      primitives: [...this.#primitives.values()].map((primitive) => primitive.snapshot()),
      waiting: [...this.#waits.inOrder()].map(snapshotOf),
    };
  }

  /** One primitive as in the snapshot, a queue without its items; null where there is none of that name. */
  look(name: string): PrimitiveView | null {
    const primitive = this.#primitives.get(name);
    if (primitive === undefined) return null;
    const waiting = [...this.#waits.inOrder()].map(snapshotOf).filter(({ names }) => names.includes(name));
    return { primitive: this.#queues.get(name)?.look() ?? primitive.snapshot(), waiting };
  }

  #dueAt(nowMs: number): AnyWaiter | null {
    const waiter = this.#waits.firstDue();
    return waiter !== undefined && waiter.deadlineMs !== null && waiter.deadlineMs <= nowMs ? waiter : null;
  }

  #callOff(waiters: readonly AnyWaiter[]): void {
    for (const waiter of waiters) {
      this.#waits.settle(waiter, cancelled);
      waiter.withdrawn();
      const { operation } = waiter.request;
      if (operation.verb === 'wait_condition' && waiter.reacquisition?.until === 'granted') {
        this.#condition(operation.name).notificationUnclaimed();
      }
    }
    for (const waiter of waiters) {
      const { operation } = waiter.request;
      if (operation.verb === 'wait_condition') this.#condition(operation.name).serve();
      waiter.place.serve();
    }
  }

  #create(definition: PrimitiveDefinition): { snapshot(): PrimitiveSnapshot } {
    const { name } = definition;
    const waits = this.#waits;
    switch (definition.kind) {
      case 'lock':
        return this.#holds.lock(name);
      case 'semaphore':
        return register(this.#resources, name, new Semaphore(definition));
      case 'event':
        return register(this.#flags, name, new Flag(name, definition.set, waits));
      case 'condition': {
        const lock = this.#holds.lock(definition.lock);
        return register(this.#conditions, name, new Condition(name, lock, this.#holds, waits));
      }
      case 'barrier':
        return register(this.#barriers, name, new Barrier(name, definition.parties, definition.timeoutMs, waits));
      case 'queue':
        return register(this.#queues, name, new Queue(definition, waits));
      case 'pipe':
        return register(this.#pipes, name, new Pipe(definition, waits));
      case 'value':
        return register(this.#values, name, new SharedValue(name, definition.initial, waits));
      default:
        return unreachable(definition);
    }
  }

  #perform(request: SyncRequest, nowMs: number): void {
    const { operation } = request;
    switch (operation.verb) {
      case 'acquire':
        this.#holds.acquire(request, operation.demands, nowMs);
        break;
      case 'release':
        if (operation.isOwed === true) this.#holds.releaseOwed(request, operation.demands);
        else this.#holds.release(request, operation.demands, operation.token ?? null);
        break;
      case 'delegate':
        this.#holds.delegate(request, operation.name);
        break;
      case 'reclaim':
        this.#holds.reclaim(request, operation);
        break;
      case 'hand_back':
        this.#holds.handBack(request, operation);
        break;
      case 'set':
        this.#flag(operation.name).set(request);
        break;
      case 'clear':
        this.#flag(operation.name).clear(request);
        break;
      case 'wait_event':
        this.#flag(operation.name).wait(request, nowMs);
        break;
      case 'wait_condition':
        this.#condition(operation.name).wait(request, nowMs);
        break;
      case 'notify':
        this.#condition(operation.name).notify(request, operation.count);
        break;
      case 'wait_barrier':
        this.#barrier(operation.name).wait(request, nowMs);
        break;
      case 'abort_barrier':
        this.#barrier(operation.name).abort(request);
        break;
      case 'reset_barrier':
        this.#barrier(operation.name).reset(request);
        break;
      case 'put': {
        const { item, priority } = operation;
        this.#queue(operation.name).put(request, { items: [item], priority, isSome: false }, nowMs);
        break;
      }
      case 'put_some': {
        const { items, priority } = operation;
        this.#queue(operation.name).put(request, { items, priority, isSome: true }, nowMs);
        break;
      }
      case 'reserve':
        this.#queue(operation.name).reserve(request, operation.most);
        break;
      case 'put_reserved':
        this.#queue(operation.name).putReserved(request, operation.items, operation.freed);
        break;
      case 'get':
        this.#queue(operation.name).get(request, { inHand: operation.inHand, max: null, taken: null }, nowMs);
        break;
      case 'get_some': {
        const { inHand, max, taken } = operation;
        this.#queue(operation.name).get(request, { inHand, max, taken }, nowMs);
        break;
      }
      case 'give_back':
        this.#queue(operation.name).giveBack(request, operation.taken, operation.count);
        break;
      case 'item_done':
        this.#queue(operation.name).itemDone(request, operation.itemId);
        break;
      case 'task_done':
        this.#queue(operation.name).taskDone(request, operation.ofEach ?? []);
        break;
      case 'join_queue':
        this.#queue(operation.name).join(request, nowMs);
        break;
      case 'send':
        this.#pipe(operation.name).send(request, { item: operation.item }, nowMs);
        break;
      case 'receive':
        this.#pipe(operation.name).receive(request, nowMs);
        break;
      case 'take_back':
        this.#pipe(operation.name).takeBack(request, operation.items);
        break;
      case 'poll':
        this.#pipe(operation.name).poll(request, nowMs);
        break;
      case 'close_pipe':
        this.#pipe(operation.name).close(request);
        break;
      case 'load':
        this.#value(operation.name).load(request);
        break;
      case 'store':
        this.#value(operation.name).store(request, operation.item);
        break;
      case 'add':
        this.#value(operation.name).add(request, operation.by);
        break;
      case 'compare_and_set':
        this.#value(operation.name).compareAndSet(request, operation.expected, operation.item);
        break;
      default:
        unreachable(operation);
    }
  }

  #flag(name: string): Flag {
    return present(this.#flags.get(name), `\`${name}\` is an event`);
  }

  #condition(name: string): Condition {
    return present(this.#conditions.get(name), `\`${name}\` is a condition`);
  }

  #barrier(name: string): Barrier {
    return present(this.#barriers.get(name), `\`${name}\` is a barrier`);
  }

  #queue(name: string): Queue {
    return present(this.#queues.get(name), `\`${name}\` is a queue`);
  }

  #pipe(name: string): Pipe {
    return present(this.#pipes.get(name), `\`${name}\` is a pipe`);
  }

  #value(name: string): SharedValue {
    return present(this.#values.get(name), `\`${name}\` is a value`);
  }
}

function register<T, Kind extends T>(map: Map<string, T>, name: string, primitive: Kind): Kind {
  map.set(name, primitive);
  return primitive;
}

function snapshotOf(waiter: AnyWaiter): WaitingSnapshot {
  const { request, deadlineMs, reacquisition } = waiter;
  const { id, owner, operation } = request;
  const needsLock = reacquisition !== null && reacquisition.until !== 'notify';
  return {
    requestId: id,
    owner,
    verb: operation.verb,
    names: needsLock ? [reacquisition.lock] : namesOf(operation),
    deadlineMs,
    operation,
    reacquisition,
  };
}

function namesOf(operation: Operation): readonly string[] {
  return operation.verb === 'acquire' || operation.verb === 'release'
    ? operation.demands.map(({ name }) => name)
    : [operation.name];
}
