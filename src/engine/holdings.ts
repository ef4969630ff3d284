import type { Demand, Owner } from '../sync/operation.ts';

/**
 * Who was granted what, told from the outcomes that the engine heard: for messages, views and the
 * search for deadlocks. The broker alone decides; this never does.
 */
export class Holdings {
  readonly #byName = new Map<string, Map<string, number>>();
  readonly #heldOf = new Map<string, number>();
  /** What has gone from one to another since this was last emptied. */
  readonly changed = new Set<string>();
  readonly #byInstance = new Map<string, Set<string>>();
  /** What the threads of programs were granted, by instance and holder; a release takes off any of them. */
  readonly #byHolder = new Map<string, Map<string, Map<string, number>>>();

  /** `holder`: within a program; null for the life of the instance and its steps. */
  granted(instance: string, demands: readonly Demand[], holder: string | null = null): void {
    for (const demand of demands) {
      if (holder !== null) this.#grantedTo(instance, holder, demand);
      const holders = this.#byName.get(demand.name) ?? new Map<string, number>();
      holders.set(instance, (holders.get(instance) ?? 0) + demand.permits);
      this.#byName.set(demand.name, holders);
      const names = this.#byInstance.get(instance) ?? new Set<string>();
      names.add(demand.name);
      this.#byInstance.set(instance, names);
      this.#count(demand.name, demand.permits);
    }
  }

  released(instance: string, demands: readonly Demand[]): void {
    for (const demand of demands) this.#released(instance, demand, this.#byHolder.get(instance)?.keys() ?? []);
  }

  /** What one holder, and nobody else in its instance, has released; nothing where it has ended meanwhile. */
  releasedBy({ instance, holder }: Owner, demand: Demand): void {
    const names = this.#byHolder.get(instance)?.get(holder);
    if (names?.has(demand.name) === true) this.#released(instance, demand, [holder]);
  }

  /** Everything that one holder within the instance was granted and has not released is gone. */
  holderEnded(instance: string, holder: string): void {
    for (const [name, permits] of this.#byHolder.get(instance)?.get(holder) ?? []) {
      this.released(instance, [{ name, permits }]);
    }
    this.#byHolder.get(instance)?.delete(holder);
  }

  /** The holders within a program that were granted something. */
  holdersWithin(instance: string): readonly string[] {
    return [...(this.#byHolder.get(instance)?.keys() ?? [])];
  }

  /** Everything that the instance held is gone. */
  ownerEnded(instance: string): void {
    this.#byHolder.delete(instance);
    for (const name of this.#byInstance.get(instance) ?? []) {
      const holders = this.#byName.get(name);
      this.#count(name, -(holders?.get(instance) ?? 0));
      holders?.delete(instance);
    }
    this.#byInstance.delete(instance);
  }

  /** Whether a program of the instance was granted some of it, and not the instance or its steps alone. */
  isHeldByProgram(instance: string, name: string): boolean {
    return [...(this.#byHolder.get(instance)?.values() ?? [])].some((names) => names.has(name));
  }

  #grantedTo(instance: string, holder: string, { name, permits }: Demand): void {
    const holders = this.#byHolder.get(instance) ?? new Map<string, Map<string, number>>();
    this.#byHolder.set(instance, holders);
    const names = holders.get(holder) ?? new Map<string, number>();
    holders.set(holder, names);
    names.set(name, (names.get(name) ?? 0) + permits);
  }

  #released(instance: string, demand: Demand, itsHolders: Iterable<string>): void {
    const holders = this.#byName.get(demand.name);
    const held = holders?.get(instance);
    if (holders === undefined || held === undefined) return;
    this.#takeOffHolders(instance, itsHolders, demand);
    this.#count(demand.name, -Math.min(held, demand.permits));
    if (held > demand.permits) {
      holders.set(instance, held - demand.permits);
    } else {
      holders.delete(instance);
      this.#byInstance.get(instance)?.delete(demand.name);
    }
  }

  /** A holder that holds nothing any more is forgotten: over HTTP each call is one of its own. */
  #takeOffHolders(instance: string, itsHolders: Iterable<string>, { name, permits }: Demand): void {
    const known = this.#byHolder.get(instance);
    let left = permits;
    for (const holder of itsHolders) {
      const names = known?.get(holder);
      const held = names?.get(name) ?? 0;
      const taken = Math.min(left, held);
      if (taken === held) names?.delete(name);
      else names?.set(name, held - taken);
      if (names?.size === 0) known?.delete(holder);
      left -= taken;
      if (left === 0) return;
    }
  }

  #count(name: string, permits: number): void {
    this.changed.add(name);
    this.#heldOf.set(name, this.permitsHeld(name) + permits);
  }

  /** How much of it is held by all together. */
  permitsHeld(name: string): number {
    return this.#heldOf.get(name) ?? 0;
  }

  /** What an instance holds some of. */
  heldBy(instance: string): readonly string[] {
    return [...(this.#byInstance.get(instance) ?? [])];
  }

  /** Instances that hold some of it, at most `limit` of them. */
  holdersOf(name: string, limit = Number.POSITIVE_INFINITY): string[] {
    const names: string[] = [];
    for (const holder of this.#byName.get(name)?.keys() ?? []) {
      if (names.length >= limit) break;
      names.push(holder);
    }
    return names;
  }
}
