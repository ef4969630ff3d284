import type { Dependency, Plan } from '../plan/plan.ts';
import { findFrom } from './find-from.ts';

/**
 * Who waits for a moment of whom. Replicas share their dependencies, so that thousands of them on
 * thousands of others are thousands of entries and not millions.
 */
export class Dependents {
  readonly #on = new Map<string, Dependency[]>();
  readonly #units = new Map<Dependency, string[]>();
  /** Where the last search among the dependents ended. */
  readonly #places = new Map<Dependency, number>();

  constructor(plan: Plan) {
    for (const unit of [...plan.instances, ...plan.pools]) {
      for (const dependency of unit.dependsOn) this.#add(unit.name, dependency);
    }
  }

  #add(unit: string, dependency: Dependency): void {
    const units = this.#units.get(dependency);
    if (units !== undefined) {
      units.push(unit);
      return;
    }
    this.#units.set(dependency, [unit]);
    for (const target of dependency.target.type === 'pool' ? [dependency.name] : dependency.target.instances) {
      const dependencies = this.#on.get(target);
      if (dependencies === undefined) this.#on.set(target, [dependency]);
      else dependencies.push(dependency);
    }
  }

  /** The dependencies on an instance or a pool. */
  on(target: string): readonly Dependency[] {
    return this.#on.get(target) ?? [];
  }

  /** The names of all that depend on an instance or a pool. */
  of(target: string): readonly string[] {
    return this.on(target).flatMap((dependency) => this.#units.get(dependency) ?? []);
  }

  /** Whether any of those that have this dependency fits. */
  some(dependency: Dependency, fits: (unit: string) => boolean): boolean {
    const place = findFrom(this.#units.get(dependency) ?? [], this.#places.get(dependency) ?? 0, fits);
    if (place >= 0) this.#places.set(dependency, place);
    return place >= 0;
  }
}
