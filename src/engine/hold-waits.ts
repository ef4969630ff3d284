/* Whether those who wait for locks and semaphores may still get them, for the search for deadlocks. */
import type { Context } from './context.ts';
import { isJobserver, runSlots } from './engine-options.ts';
import { mayReturnPermits } from './program-waits.ts';
import type { PendingRequest } from './request-purpose.ts';
import { machineKeeps } from './step-actions.ts';
import { isFree } from './unit-waits.ts';

/** What the search knows by now. */
export interface Liveness {
  readonly context: Context;
  /** All that can go on. */
  readonly live: ReadonlySet<string>;
  /** It can go on; otherwise whoever asks is looked at again once it can. */
  readonly isLive: (unit: string) => boolean;
  /** It goes on, or somebody who goes on may start it. */
  readonly mayRun: (unit: string) => boolean;
  readonly isHeldBack: (requestId: number) => boolean;
  readonly isTimed: (requestId: number) => boolean;
  /** Somebody who goes on may stop it. */
  readonly mayBeStopped: (unit: string) => boolean;
}

/** Looks at demands one after the other. */
export class HoldWaits {
  readonly #known: Liveness;
  /** Whose programs may return permits; found out when it is first asked. */
  #returners: readonly string[] | null = null;
  /** Of holders and things that were asked for, whether the one keeps the other as long as nobody stops it. */
  readonly #keepers = new Map<string, boolean>();

  constructor(known: Liveness) {
    this.#known = known;
  }

  /** Somebody who can go on gives back what is missing, and those go on who come before at what is fair. */
  canHave(request: PendingRequest): boolean {
    const kept = request.names.filter((name) => !this.#isReleasable(request, name));
    if (kept.length > 0) {
      const missing = request.names.filter((name) => !this.#isHad(request, name));
      if (missing.some((name) => kept.includes(name))) return false;
      // Where nothing is missing, somebody comes before. Or it is not known, as of the lock of one whose wait at a condition is held back.
      if (missing.length === 0 && request.names.every((name) => this.#othersAt(request, name).length === 0)) return false;
    }
    return this.#known.context.fair.size === 0 || request.names.every((name) => this.#comesFirst(request, name));
  }

  /** There is enough of it: what is waited for is something else. */
  #isHad({ instance, names, holds }: PendingRequest, name: string): boolean {
    const { context } = this.#known;
    const definition = context.primitive(name);
    const isOwn = definition?.kind === 'lock' && definition.reentrant && names.length > 1 && context.holdings.holdersOf(name).includes(instance);
    return isOwn || (!isJobserver(name) && holds.some((demand) => demand.name === name && isFree(context, demand)));
  }

  /** A holder that can go on releases it; where nobody holds it, anybody who goes on may. */
  #isReleasable(request: PendingRequest, resource: string): boolean {
    const { context, live, mayRun, isLive } = this.#known;
    // A token comes from make, or from a make among the commands, of whose jobs nothing is known here.
    if (isJobserver(resource)) return true;
    const holders = context.holdings.holdersOf(resource);
    // A permit may be returned by somebody who holds none.
    const releasers = context.releasers.get(resource) ?? [];
    if (releasers.some((name) => name !== request.instance && mayRun(name) && !this.#isEndless(name, resource))) return true;
    if (context.primitive(resource)?.kind === 'semaphore' && this.#isReturnable(request)) return true;
    if (holders.length === 0) return resource === runSlots || live.size > 0;
    return holders.some((holder) => holder !== request.instance && isLive(context.ownerOf(holder)) && !this.#isEndless(holder, resource));
  }

  /** One of all others who have the lock that a wait at a condition takes again can go on, and does not keep it for ever; null where nobody has it. */
  comesBack(lock: string, request: PendingRequest): boolean | null {
    const holders = this.#known.context.holdings.holdersOf(lock);
    return holders.every((holder) => holder === request.instance) ? null : this.#isReleasable(request, lock);
  }

  /** It goes on for ever, and never gives this back. */
  #isEndless(holder: string, resource: string): boolean {
    const key = `${holder} ${resource}`;
    const keeps = this.#keepers.get(key) ?? keepsForEver(this.#known.context, holder, resource);
    this.#keepers.set(key, keeps);
    return keeps && !this.#known.mayBeStopped(holder);
  }

  /** A program that can go on may return a permit that it does not hold. */
  #isReturnable({ instance }: PendingRequest): boolean {
    const { context, live } = this.#known;
    this.#returners ??= context.allUnits().filter((unit) => mayReturnPermits(context, unit)).map(({ name }) => name);
    return this.#returners.some((name) => name !== instance && live.has(name));
  }

  /**
   * Nobody is before it at what is fair who can never go on. In an order that is not the one in which was asked, nobody knows who is:
   * it may be the first where something is missing for it, and is behind anybody where nothing is.
   */
  #comesFirst(request: PendingRequest, name: string): boolean {
    const { context } = this.#known;
    const others = this.#othersAt(request, name);
    if (context.options.heldBack === undefined) return others.every((other) => other.id > request.id || this.#goes(other));
    return others.length === 0 || request.names.some((one) => !this.#isHad(request, one)) || others.some((other) => this.#goes(other));
  }

  /** All others who wait for it, where it is fair. */
  #othersAt(request: PendingRequest, name: string): readonly PendingRequest[] {
    const { context, isHeldBack } = this.#known;
    if (!context.fair.has(name)) return [];
    return [...context.requests.values()].filter(({ id, verb, names }) => id !== request.id && verb === 'acquire' && names.includes(name) && !isHeldBack(id));
  }

  /** It has its turn some time, or waits no more. */
  #goes({ id, instance, purpose }: PendingRequest): boolean {
    const { context, isLive, isTimed } = this.#known;
    return purpose.type === 'none' || isTimed(id) || isLive(context.ownerOf(instance));
  }
}

/** As long as nobody stops it; and what `finally` waits for a daemon is ended for. */
function keepsForEver(context: Context, holder: string, resource: string): boolean {
  if (context.run.phase !== 'main') return false;
  const unit = context.instances.get(holder);
  const machine = unit === undefined || unit.machine === null ? undefined : context.machines.get(unit.machine);
  if (unit === undefined || machine === undefined) return false;
  const isTimed = unit.attemptTimer?.armed === true || unit.probeTimer?.armed === true || unit.probe !== null;
  return !isTimed && !context.holdings.isHeldByProgram(holder, resource) && machineKeeps(machine, resource);
}
