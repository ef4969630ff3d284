/*
 * Finds what nobody can act on any more, and says so to the broker once: a queue at its end or without
 * takers, an event nobody can still set, a condition nobody can still notify, a barrier that too few
 * can still reach, a pool nobody can still submit to (semantics 3, 4 and 7).
 */
import { BarrierParties } from './barrier-parties.ts';
import { type ActorIndex, canStillAct, type EngineAction, type EngineActor } from './can-act.ts';
import type { Closing } from '../sync/closing.ts';
import type { Context } from './context.ts';
import type { ProcessKey } from './engine-event.ts';
import { findFrom } from './find-from.ts';
import type { MachineState } from './machine-state.ts';
import type { BlockedIn } from './program-waits.ts';
import type { SecondLook } from './second-look.ts';

const inNothing: BlockedIn = () => [];

/**
 * What a look may go by: the events alone; or also who waits, at rest; or that all who wait are known to be
 * in a deadlock.
 */
type LookedAt = 'events' | 'rest' | 'deadlock';

/** One thing that is open as long as enough can still act on it. */
interface Watch {
  readonly order: number;
  readonly action: EngineAction;
  readonly name: string;
  /** What is said to the broker when it closes; null for a pool, which only the engine has. */
  readonly closing: Closing | null;
  /** How many have to be able: the parties of a barrier, else one. */
  readonly needed: number;
  readonly actors: readonly EngineActor[];
  /** What each of them counts for at a barrier; null of everything else, where it is one. */
  readonly parties: BarrierParties | null;
  /** Those that keep it open, each with what it counts for. */
  readonly witnesses: Map<string, { readonly actor: EngineActor; readonly weight: number }>;
  /** What the witnesses count for together. */
  weight: number;
  /** Where among the actors the last witness was found. */
  place: number;
}

/** Things that are still open, each with the actors that keep it open. */
export class Closings {
  readonly #context: Context;
  readonly #index: ActorIndex;
  /** Those who act before what runs in `finally`. */
  readonly #before: ActorIndex;
  /** What was to be open again in `finally` is. */
  #isLast = false;
  readonly #open = new Set<Watch>();
  /** What a unit keeps open: looked at again when the unit has changed, and not at every event. */
  readonly #keptOpenBy = new Map<string, Set<Watch>>();
  /** Kept open by something that is yet to be started: whether it can be is up to others. */
  readonly #onOthers = new Set<Watch>();
  readonly #secondLook: SecondLook;
  #blockedIn: BlockedIn = inNothing;

  constructor(context: Context, index: ActorIndex, secondLook: SecondLook) {
    this.#context = context;
    this.#index = index;
    this.#before = index.without((who) => context.instances.get(who)?.plan.kind === 'finally');
    this.#secondLook = secondLook;
    for (const primitive of context.plan.primitives) {
      const { name } = primitive;
      switch (primitive.kind) {
        case 'queue':
          this.#watch('put', name, { type: 'end_of_stream', name });
          this.#watch('get', name, { type: 'break', name });
          break;
        case 'event':
          this.#watch('set', name, { type: 'orphan', name });
          break;
        case 'condition':
          this.#watch('notify', name, { type: 'orphan', name });
          break;
        case 'barrier':
          this.#watch('wait', name, { type: 'break', name }, primitive.parties);
          break;
        case 'lock':
        case 'semaphore':
        case 'pipe':
        case 'value':
          break;
      }
    }
    this.#watchPools();
  }

  #watchPools(): void {
    for (const { name, submitOpen } of this.#context.pools.values()) if (submitOpen) this.#watch('submit', name, null);
  }

  /** A pool that `finally` starts takes what is submitted there, though nobody could submit to it any more before. */
  #openAgain(): void {
    if (this.#isLast || this.#context.run.phase !== 'finally') return;
    this.#isLast = true;
    for (const watch of this.#open) if (watch.action === 'submit') this.#forget(watch);
    this.#watchPools();
  }

  #watch(action: EngineAction, name: string, closing: Closing | null, needed = 1): void {
    const actors = this.#indexFor(action).of(action, name);
    const parties = action === 'wait' ? new BarrierParties(this.#context, name, needed, actors) : null;
    this.#open.add({ order: this.#open.size, action, name, closing, needed, actors, parties, witnesses: new Map(), weight: 0, place: 0 });
  }

  /**
   * Closes what has lost its last actor; true when anything was closed. Only where a second look shows the
   * same is somebody who waits for an item known to have none. `blockedIn` tells of programs, in a deadlock,
   * that they do nothing but wait.
   */
  look(lookedAt: LookedAt, blockedIn: BlockedIn = inNothing): boolean {
    this.#blockedIn = blockedIn;
    this.#openAgain();
    const { changedActors } = this.#context;
    const atRest = lookedAt !== 'events';
    const names = atRest || changedActors.all ? null : [...changedActors.names];
    // At rest it is only looked for more than the events themselves say.
    if (!atRest) changedActors.clear();
    // As in a run of nothing but pools: they have thousands of events.
    if (this.#open.size === 0) return false;
    let closed = false;
    for (const watch of names === null ? [...this.#open] : this.#touchedBy(names)) {
      const isOnOthers = this.#onOthers.delete(watch);
      const changed = names === null || isOnOthers ? [...watch.witnesses.keys()] : names;
      if (this.#isKeptOpen(watch, atRest, changed)) continue;
      if (lookedAt === 'rest' && this.#isKeptOpen(watch, false, []) && !this.#secondLook.isCertain(this.#whoWaits(watch))) continue;
      closed = true;
      this.#close(watch);
    }
    return closed;
  }

  /** All who might still put, whose waits are why it seems to be at its end, each with its question: another one is another wait. */
  #whoWaits({ action, name, actors }: Watch): string {
    const names = new Set(actors.filter((actor) => canStillAct(this.#context, this.#index, actor)).map(({ who }) => who));
    const waits = [...this.#context.requests.values()].filter((request) => names.has(this.#context.ownerOf(request.instance)));
    return `${action} ${name}: ${waits.map(({ id }) => id).join(' ')}`;
  }

  /** In the order of the plan, so that equal runs close alike. */
  #touchedBy(names: readonly string[]): readonly Watch[] {
    const touched = new Set(this.#onOthers);
    for (const name of names) for (const watch of this.#keptOpenBy.get(name) ?? []) touched.add(watch);
    return [...touched].toSorted((one, other) => one.order - other.order);
  }

  #forget(watch: Watch): void {
    this.#open.delete(watch);
    this.#onOthers.delete(watch);
    for (const who of watch.witnesses.keys()) this.#keptOpenBy.get(who)?.delete(watch);
  }

  #close(watch: Watch): void {
    this.#forget(watch);
    if (watch.closing === null) this.#context.post({ type: 'pool_closed', pool: watch.name });
    else this.#context.close(watch.closing);
  }

  /** `changed` names those that may keep it open no longer. */
  #isKeptOpen(watch: Watch, atRest: boolean, changed: readonly string[]): boolean {
    for (const who of changed) this.#askWitness(watch, atRest, who);
    while (watch.weight < watch.needed) {
      const place = findFrom(watch.actors, watch.place, (actor) => !watch.witnesses.has(actor.who) && this.#counts(watch, actor, atRest));
      const actor = watch.actors[place];
      if (actor === undefined) break;
      watch.place = place;
      this.#takeWitness(watch, actor);
    }
    if (watch.weight < watch.needed) for (const who of watch.witnesses.keys()) weighAnew(watch, who);
    return watch.weight >= watch.needed;
  }

  #askWitness(watch: Watch, atRest: boolean, who: string): void {
    const witness = watch.witnesses.get(who);
    if (witness === undefined) return;
    if (this.#counts(watch, witness.actor, atRest)) {
      weighAnew(watch, who);
      return;
    }
    watch.weight -= witness.weight;
    watch.witnesses.delete(who);
    this.#keptOpenBy.get(who)?.delete(watch);
  }

  #takeWitness(watch: Watch, actor: EngineActor): void {
    const { who } = actor;
    const weight = watch.parties?.of(actor) ?? 1;
    watch.witnesses.set(who, { actor, weight });
    watch.weight += weight;
    const kept = this.#keptOpenBy.get(who);
    if (kept === undefined) this.#keptOpenBy.set(who, new Set([watch]));
    else kept.add(watch);
  }

  #counts(watch: Watch, actor: EngineActor, atRest: boolean): boolean {
    const startedByOthers = new Set<string>();
    if (!canStillAct(this.#context, this.#indexFor(watch.action), actor, startedByOthers)) return false;
    if (startedByOthers.size > 0) this.#onOthers.add(watch);
    // Those who only wait for the next item of this very queue do not keep it open.
    return watch.action !== 'put' || !atRest || !this.#onlyWaitsFor(actor.who, watch.name);
  }

  /** What runs in `finally` comes after the end of every pool: before, it keeps none open, and neither do those whom it starts. */
  #indexFor(action: EngineAction): ActorIndex {
    return action === 'submit' && !this.#isLast ? this.#before : this.#index;
  }

  #onlyWaitsFor(who: string, queue: string): boolean {
    const pool = this.#context.pools.get(who);
    if (pool !== undefined) {
      const isEmptyHanded = pool.plan.tasks.type === 'queue' && pool.plan.tasks.queue === queue && pool.tasks.size === 0;
      return isEmptyHanded && pool.getRequest !== null && this.#isWaiting(pool.getRequest);
    }
    const instance = this.#context.instances.get(who);
    if (instance !== undefined && instance.process !== null) return this.#programOnlyWaitsFor(who, instance.process, queue);
    const machine = this.#context.machines.get(instance?.machine ?? '');
    return machine !== undefined && !hasInHand(machine, queue) && this.#stepOnlyWaitsFor(who, machine, queue);
  }

  /** Be it by its command. */
  #stepOnlyWaitsFor(who: string, { blocked, deadlineMs }: MachineState, queue: string): boolean {
    if (blocked?.type === 'process') return deadlineMs === null && this.#programOnlyWaitsFor(who, blocked.key, queue);
    if (blocked?.type !== 'request') return false;
    const request = this.#context.requests.get(blocked.requestId);
    const isGet = request?.verb === 'get' && request.names[0] === queue && !request.hasDeadline;
    return isGet && this.#isWaiting(blocked.requestId);
  }

  /** What it has in hand may come back to the queue. */
  #programOnlyWaitsFor(name: string, process: ProcessKey, queue: string): boolean {
    const waits = this.#context.hands.of(name, queue) > 0 ? [] : this.#blockedIn(process);
    return waits.length > 0 && waits.every(({ call, requestId }) => (call === null ? this.#isGetOf(requestId, queue) : call.type === 'get_some' && call.name === queue));
  }

  #isGetOf(requestId: number | null, queue: string): boolean {
    const request = requestId === null ? undefined : this.#context.requests.get(requestId);
    return request?.verb === 'get' && request.names[0] === queue;
  }

  #isWaiting(requestId: number): boolean {
    return this.#context.requests.has(requestId) && this.#context.options.heldBack?.holds(requestId) !== true;
  }
}

/** By a `get`, or of an `each` around the steps that it is at. */
function hasInHand({ inHand, frames }: MachineState, queue: string): boolean {
  return (inHand.get(queue) ?? 0) > 0 || frames.some((frame) => frame.type === 'each' && frame.itemId !== null && frame.step.source.name === queue);
}

/** More of a program may have come since it was weighed, and a pool may have fewer tasks than slots by now. */
function weighAnew(watch: Watch, who: string): void {
  const witness = watch.witnesses.get(who);
  if (witness === undefined || watch.parties === null) return;
  const weight = watch.parties.of(witness.actor);
  watch.weight += weight - witness.weight;
  watch.witnesses.set(who, { ...witness, weight });
}
