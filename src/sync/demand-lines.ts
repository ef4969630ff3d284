import { DemandLine, type DemandWait, lineKey, type ResourceDemand } from './demand-line.ts';
import type { Owner } from './operation.ts';
import type { Resource } from './resource.ts';
import type { Waiter } from './waiter.ts';

/**
 * The one arrival-ordered list of waiting demands, kept as lines of equal demands. Whatever may let
 * somebody go on marks its resource; `firstFitting` then looks only at the lines that name a marked
 * resource, because nobody else can fit who did not fit before.
 */
export class DemandLines {
  readonly #lines = new Map<string, DemandLine>();
  readonly #linesOf = new Map<Resource, Set<DemandLine>>();
  readonly #byOwner = new Map<string, Set<Waiter<DemandWait>>>();
  readonly #marked = new Set<Resource>();
  #someoneCameInside = false;

  /** The line that this owner's demand stands in; made where there is none yet. */
  lineFor(owner: Owner, demands: readonly ResourceDemand[]): DemandLine {
    const key = lineKey(owner, demands);
    const existing = this.#lines.get(key);
    if (existing !== undefined) return existing;
    const line = new DemandLine(key, demands);
    this.#lines.set(key, line);
    for (const { resource } of demands) {
      const lines = this.#linesOf.get(resource);
      if (lines === undefined) this.#linesOf.set(resource, new Set([line]));
      else lines.add(line);
    }
    return line;
  }

  /** Remembers a waiter that has entered its line. */
  entered(waiter: Waiter<DemandWait>): void {
    const key = ownerKey(waiter.request.owner);
    const siblings = this.#byOwner.get(key);
    if (siblings === undefined) this.#byOwner.set(key, new Set([waiter]));
    else siblings.add(waiter);
  }

  /** Forgets a waiter that has left its line; behind it others may come first at a fair semaphore. */
  left(waiter: Waiter<DemandWait>): void {
    const key = ownerKey(waiter.request.owner);
    const siblings = this.#byOwner.get(key);
    siblings?.delete(waiter);
    if (siblings?.size === 0) this.#byOwner.delete(key);
    for (const { resource } of waiter.detail.demands) if (resource.fair) this.mark(resource);
    this.#dropIfEmpty(waiter.detail.line);
  }

  /** Whether somebody's demand names it. */
  isWaitedFor(resource: Resource): boolean {
    return (this.#linesOf.get(resource)?.size ?? 0) > 0;
  }

  /** Says that more demands for this resource may fit than before. */
  mark(resource: Resource): void {
    this.#marked.add(resource);
  }

  /** An owner has come to be inside a reentrant lock: what else it waits for may fit now. */
  cameInside(owner: Owner, lock: Resource): void {
    for (const waiter of this.#byOwner.get(ownerKey(owner)) ?? []) {
      const { detail } = waiter;
      if (!detail.demands.some(({ resource }) => resource === lock)) continue;
      const previous = detail.line;
      const line = this.lineFor(owner, detail.demands);
      // It stands there already where the owner was inside before, and left.
      if (line !== previous) {
        waiter.leave();
        waiter.enter(line.waiting);
        detail.line = line;
        this.#dropIfEmpty(previous);
      }
      this.#marked.add(lock);
      this.#someoneCameInside = true;
    }
  }

  /** The earliest waiter whose whole demand fits; null, and all marks are gone, where there is none. */
  firstFitting(): Waiter<DemandWait> | null {
    let earliest: Waiter<DemandWait> | null = null;
    for (const resource of this.#marked) {
      if (!resource.hasFree() && !this.#someoneCameInside) continue;
      for (const { first } of this.#linesOf.get(resource) ?? []) {
        if (first === null || (earliest !== null && earliest.arrival <= first.arrival)) continue;
        if (this.fits(first.request.owner, first.detail.demands, first.arrival)) earliest = first;
      }
    }
    if (earliest === null) {
      if (this.#marked.size > 0) this.#marked.clear();
      this.#someoneCameInside = false;
    }
    return earliest;
  }

  /** Whether a whole demand fits now, and goes past nobody at a fair semaphore. */
  fits(owner: Owner, demands: readonly ResourceDemand[], arrival: number): boolean {
    return demands.every(
      ({ resource, permits }) =>
        resource.fits(owner, permits) && !(resource.fair && this.#hasEarlier(resource, arrival)),
    );
  }

  #hasEarlier(resource: Resource, arrival: number): boolean {
    for (const { first } of this.#linesOf.get(resource) ?? []) {
      if (first !== null && first.arrival < arrival) return true;
    }
    return false;
  }

  #dropIfEmpty(line: DemandLine): void {
    if (line.first !== null) return;
    this.#lines.delete(line.key);
    for (const { resource } of line.demands) this.#linesOf.get(resource)?.delete(line);
  }
}

function ownerKey(owner: Owner): string {
  return JSON.stringify([owner.instance, owner.holder]);
}
