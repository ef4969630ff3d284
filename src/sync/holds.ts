import { invariant, present } from '../base/invariant.ts';
import type { DemandWait, ResourceDemand } from './demand-line.ts';
import { DemandLines } from './demand-lines.ts';
import { Lock } from './lock.ts';
import type { Demand, Operation, Outcome, Owner, SyncRequest } from './operation.ts';
import { failed, granted, timedOut } from './outcome.ts';
import type { Resource } from './resource.ts';
import type { Reacquisition } from './snapshot.ts';
import type { WaitPlace, Waiter } from './waiter.ts';
import type { Waits } from './waits.ts';

/**
 * All locks and semaphores with their one list of waiting demands. A demand for several is atomic,
 * all or nothing (language page, semantics 2). What is freed goes, in the same call, to the first
 * waiter in order of arrival whose whole demand fits; the same holds at every arrival, so that a
 * newcomer that fits goes past larger demands, except at a fair semaphore.
 */
export class Holds implements WaitPlace<DemandWait> {
  readonly #waits: Waits;
  readonly #resources: ReadonlyMap<string, Resource>;
  readonly #lines = new DemandLines();
  readonly #heldBy = new Map<string, Set<Resource>>();

  constructor(resources: ReadonlyMap<string, Resource>, waits: Waits) {
    this.#resources = resources;
    this.#waits = waits;
  }

  /** Grants the whole demand, refuses what can never be met, or waits. */
  acquire(request: SyncRequest, demands: readonly Demand[], nowMs: number): void {
    const { owner, deadlineMs } = request;
    const found = this.#find(demands);
    for (const { resource, permits } of found) {
      const reason = resource.hopeless(owner, permits, deadlineMs === null);
      if (reason !== null) {
        this.#waits.answer(request, failed(reason));
        return;
      }
    }
    if (this.#lines.fits(owner, found, Number.POSITIVE_INFINITY)) {
      this.#waits.answer(request, this.#take(owner, found));
      this.serve();
    } else if (deadlineMs !== null && deadlineMs <= nowMs) {
      this.#waits.answer(request, timedOut);
    } else {
      this.#wait(request, found, deadlineMs);
    }
  }

  /** Returns everything that is named, or nothing: the first refusal counts. */
  release(request: SyncRequest, demands: readonly Demand[], token: number | null): void {
    const { owner } = request;
    const found = this.#find(demands);
    for (const { resource, permits } of found) {
      const reason = resource.refusal(owner, permits, token);
      if (reason !== null) {
        this.#waits.answer(request, failed(reason));
        return;
      }
    }
    for (const { resource, permits } of found) this.#giveBack(owner, resource, permits);
    this.#released(request);
  }

  /** Returns as much of it as the owner has left of it, in one step. */
  releaseOwed(request: SyncRequest, demands: readonly Demand[]): void {
    const { owner } = request;
    for (const { resource, permits } of this.#find(demands)) {
      const owed = resource.owed(owner, permits);
      if (owed > 0) this.#giveBack(owner, resource, owed);
    }
    this.#released(request);
  }

  #released(request: SyncRequest): void {
    this.#waits.answer(request, granted());
    this.serve();
  }

  /** Leaves a lock that nobody waits for to its holder. */
  delegate(request: SyncRequest, name: string): void {
    const lock = this.lock(name);
    const token = this.#lines.isWaitedFor(lock) ? null : lock.delegate(request.owner);
    this.#waits.answer(request, token === null ? failed('not_delegable') : granted(token));
  }

  /** Takes a delegated lock back as its holder has left it: nobody waits for it yet. */
  reclaim(request: SyncRequest, { name, token, isHeld }: Extract<Operation, { verb: 'reclaim' }>): void {
    const lock = this.lock(name);
    if (!lock.reclaim(request.owner, token, isHeld)) {
      this.#waits.answer(request, failed('not_owner'));
      return;
    }
    if (!isHeld) {
      this.#giveBack(request.owner, lock, 1);
      this.#waits.report({ type: 'reclaimed_free', lock: name, owner: request.owner });
    }
    this.#waits.answer(request, granted());
  }

  /** Takes a delegated lock back from whoever has it now: nobody waits for it yet. */
  handBack(request: SyncRequest, { name, token, holder }: Extract<Operation, { verb: 'hand_back' }>): void {
    const lock = this.lock(name);
    const { owner } = request;
    if (!lock.handBack(owner, token, holder)) {
      this.#waits.answer(request, failed('not_owner'));
      return;
    }
    this.#heldBy.get(owner.instance)?.delete(lock);
    if (holder !== null) this.#noteHeld(holder.instance, lock);
    this.#waits.answer(request, granted());
  }

  /** A lock by its name, for the condition that belongs to it. */
  lock(name: string): Lock {
    const resource = this.#resources.get(name);
    invariant(resource instanceof Lock, `\`${name}\` is a lock`);
    return resource;
  }

  /** Gives a lock up however often it is held, hands it over, and returns how often it was. */
  releaseFully(owner: Owner, lock: Lock): number {
    const { depth } = lock;
    this.#giveBack(owner, lock, depth);
    this.serve();
    return depth;
  }

  /**
   * Lines a wait on a condition up for its lock, as the last to arrive; it settles with the outcome
   * that `reacquisition.until` names when it has the lock again, and never before.
   */
  reacquire(request: SyncRequest, reacquisition: Reacquisition): void {
    const demands = [{ resource: this.lock(reacquisition.lock), permits: reacquisition.depth }];
    if (this.#lines.fits(request.owner, demands, Number.POSITIVE_INFINITY)) {
      this.#waits.answer(request, this.#takeBack(request.owner, demands, reacquisition));
      this.serve();
    } else {
      this.#wait(request, demands, null, reacquisition);
    }
  }

  /**
   * Everything that the instance, or one holder within it, holds comes back, and the next to get it hears
   * that its owner died.
   */
  ownerEnded(instance: string, holder: string | null): void {
    const held = this.#heldBy.get(instance);
    for (const resource of held ?? []) {
      if (!resource.ownerEnded(instance, holder)) held?.delete(resource);
      this.#lines.mark(resource);
    }
    if (held?.size === 0) this.#heldBy.delete(instance);
    this.serve();
  }

  timeOut(waiter: Waiter<DemandWait>): void {
    this.#waits.settle(waiter, timedOut);
    this.#lines.left(waiter);
    this.serve();
  }

  withdrawn(waiter: Waiter<DemandWait>): void {
    this.#lines.left(waiter);
  }

  serve(): void {
    for (let waiter = this.#lines.firstFitting(); waiter !== null; waiter = this.#lines.firstFitting()) {
      this.#waits.remove(waiter);
      this.#lines.left(waiter);
      const { request, detail, reacquisition } = waiter;
      const outcome =
        reacquisition === null
          ? this.#take(request.owner, detail.demands)
          : this.#takeBack(request.owner, detail.demands, reacquisition);
      this.#waits.answer(request, outcome);
    }
  }

  #wait(
    request: SyncRequest,
    demands: readonly ResourceDemand[],
    deadlineMs: number | null,
    reacquisition?: Reacquisition,
  ): void {
    const line = this.#lines.lineFor(request.owner, demands);
    const wait = { place: this, request, deadlineMs, detail: { demands, line } };
    this.#lines.entered(
      this.#waits.add(line.waiting, reacquisition === undefined ? wait : { ...wait, reacquisition }),
    );
  }

  #take(owner: Owner, demands: readonly ResourceDemand[]): Outcome {
    const ownerDied = demands.filter(({ resource }) => resource.takeOwnerDied());
    return {
      status: 'granted',
      value: null,
      itemId: null,
      tokens: this.#takeAll(owner, demands),
      ownerDied: ownerDied.map(({ resource }) => resource.name),
    };
  }

  /** Only a granted outcome can tell that an owner died: after another, the next grant does. */
  #takeBack(owner: Owner, demands: readonly ResourceDemand[], { until }: Reacquisition): Outcome {
    if (until === 'granted') return this.#take(owner, demands);
    this.#takeAll(owner, demands);
    return until === 'timed_out' ? timedOut : failed('impossible');
  }

  #takeAll(owner: Owner, demands: readonly ResourceDemand[]): Record<string, number> {
    const tokens: Record<string, number> = {};
    for (const { resource, permits } of demands) {
      const wasInside = resource.isInside(owner);
      tokens[resource.name] = resource.take(owner, permits);
      this.#noteHeld(owner.instance, resource);
      if (!wasInside && resource.isInside(owner)) this.#lines.cameInside(owner, resource);
    }
    return tokens;
  }

  #noteHeld(instance: string, resource: Resource): void {
    const held = this.#heldBy.get(instance);
    if (held === undefined) this.#heldBy.set(instance, new Set([resource]));
    else held.add(resource);
  }

  #giveBack(owner: Owner, resource: Resource, permits: number): void {
    const foreign = resource.giveBack(owner, permits);
    for (const [from, taken] of foreign) {
      this.#waits.report({ type: 'foreign_release', semaphore: resource.name, instance: owner.instance, from, permits: taken });
    }
    for (const instance of [owner.instance, ...foreign.keys()]) {
      if (!resource.isHeldBy(instance)) this.#heldBy.get(instance)?.delete(resource);
    }
    this.#lines.mark(resource);
  }

  /** One demand per resource, in order of the names. */
  #find(demands: readonly Demand[]): readonly ResourceDemand[] {
    const permitsOf = new Map<string, number>();
    for (const { name, permits } of demands) {
      invariant(Number.isInteger(permits) && permits > 0, `a demand for \`${name}\` is for one permit or more`);
      permitsOf.set(name, (permitsOf.get(name) ?? 0) + permits);
    }
    return [...permitsOf]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, permits]) => ({
        resource: present(this.#resources.get(name), `\`${name}\` is a lock or a semaphore`),
        permits,
      }));
  }
}
