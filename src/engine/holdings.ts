import type { Demand } from '../sync/operation.ts';

/**
 * Who was granted what, told from the outcomes that the engine heard: for messages, views and the
 * search for deadlocks. The broker alone decides; this never does.
 */
export class Holdings {
  readonly #byName = new Map<string, Map<string, number>>();
  readonly #byInstance = new Map<string, Set<string>>();

  granted(instance: string, demands: readonly Demand[]): void {
    for (const demand of demands) {
      const holders = this.#byName.get(demand.name) ?? new Map<string, number>();
      holders.set(instance, (holders.get(instance) ?? 0) + demand.permits);
      this.#byName.set(demand.name, holders);
      const names = this.#byInstance.get(instance) ?? new Set<string>();
      names.add(demand.name);
      this.#byInstance.set(instance, names);
    }
  }

  released(instance: string, demands: readonly Demand[]): void {
    for (const demand of demands) {
      const holders = this.#byName.get(demand.name);
      const held = holders?.get(instance);
      if (holders === undefined || held === undefined) continue;
      if (held > demand.permits) {
        holders.set(instance, held - demand.permits);
      } else {
        holders.delete(instance);
        this.#byInstance.get(instance)?.delete(demand.name);
      }
    }
  }

  /** Everything that the instance held is gone. */
  ownerEnded(instance: string): void {
    for (const name of this.#byInstance.get(instance) ?? []) this.#byName.get(name)?.delete(instance);
    this.#byInstance.delete(instance);
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
