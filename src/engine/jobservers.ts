/*
 * The jobservers that the commands of a run take tokens of: that of the make which mpctl was started by,
 * or one of its own for each pool that offers one. To the broker each is a semaphore, so that a token is
 * taken in one step with the holds of a command. Permits that mpctl has no token for are held by nobody
 * of the run.
 */
import type { Plan, PoolPlan } from '../plan/plan.ts';
import type { Demand } from '../sync/operation.ts';
import { makeJobserver } from './engine-options.ts';
import { JobTokens } from './job-tokens.ts';

/** In whose name the permits are held that there is no token for; no name of a spec can begin with a dot. */
export const tokenKeeper = '.jobserver';

/** One jobserver. */
export interface Jobserver {
  readonly name: string;
  readonly tokens: JobTokens;
  /** How many permits its semaphore has. */
  readonly most: number;
  /** How many tokens there are, for one of mpctl's own; null for that of make. */
  readonly size: number | null;
  /** Requests for it that the broker has not answered, with all that they demand. */
  readonly requests: Map<number, readonly Demand[]>;
}

/** The jobservers of a run; none where it neither is one's client nor offers one. */
export class Jobservers {
  readonly #byName = new Map<string, Jobserver>();
  readonly #isUnderMake: boolean;

  constructor(plan: Plan, isUnderMake: boolean) {
    this.#isUnderMake = isUnderMake;
    if (isUnderMake) this.#add(makeJobserver, 1, mostCommands(plan), null);
    else for (const { name, workers, jobserver } of plan.pools) if (jobserver) this.#add(ownJobserver(name), 0, workers, workers);
  }

  #add(name: string, implicit: number, most: number, size: number | null): void {
    this.#byName.set(name, { name, tokens: new JobTokens({ implicit, most }), most, size, requests: new Map() });
  }

  all(): Iterable<Jobserver> {
    return this.#byName.values();
  }

  of(name: string): Jobserver | undefined {
    return this.#byName.get(name);
  }

  /** What a command demands besides its holds; `pool` is the one that it is a task of. */
  demandsOf(pool: PoolPlan | null): readonly Demand[] {
    if (this.#isUnderMake) return [{ name: makeJobserver, permits: 1 }];
    const own = this.offeredBy(pool);
    return own === null ? [] : [{ name: own, permits: 1 }];
  }

  /** The one that a pool offers to its tasks itself; under make its tasks have that of make, as all commands have. */
  offeredBy(pool: PoolPlan | null): string | null {
    return pool?.jobserver === true && !this.#isUnderMake ? ownJobserver(pool.name) : null;
  }

  /** A request was put to the broker. */
  asked(id: number, instance: string, demands: readonly Demand[]): void {
    if (this.#byName.size === 0 || instance === tokenKeeper) return;
    for (const { name } of demands) this.#byName.get(name)?.requests.set(id, demands);
  }

  /** It was answered. */
  answered(id: number, demands: readonly Demand[]): void {
    if (this.#byName.size > 0) for (const { name } of demands) this.#byName.get(name)?.requests.delete(id);
  }
}

/** Each instance and each slot runs one command at a time. */
function mostCommands({ instances, pools, maxParallel }: Plan): number {
  const most = instances.length + pools.reduce((sum, { workers }) => sum + workers, 0);
  return Math.max(1, Math.min(most, maxParallel ?? most));
}

function ownJobserver(pool: string): string {
  return `${makeJobserver}.${pool}`;
}
