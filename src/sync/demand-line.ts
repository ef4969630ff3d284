import { LinkedList } from './linked-list.ts';
import type { Owner } from './operation.ts';
import type { Resource } from './resource.ts';
import type { Waiter } from './waiter.ts';

/** A demand with its resource found. */
export interface ResourceDemand {
  readonly resource: Resource;
  readonly permits: number;
}

/** What the holds keep with a waiter: the whole demand, and the line that it stands in. */
export interface DemandWait {
  readonly demands: readonly ResourceDemand[];
  line: DemandLine;
}

/**
 * Waiters with the same demand, in order of arrival. Where the first does not fit, none of the
 * others does, so that a release looks at one waiter per line and not at the whole crowd. For this
 * to be true, an owner that is inside a reentrant lock of its demand stands in a line of its own.
 */
export class DemandLine {
  readonly key: string;
  readonly demands: readonly ResourceDemand[];
  readonly waiting = new LinkedList<Waiter<DemandWait>>();

  constructor(key: string, demands: readonly ResourceDemand[]) {
    this.key = key;
    this.demands = demands;
  }

  /** The line's earliest waiter; null when it is empty. */
  get first(): Waiter<DemandWait> | null {
    return this.waiting.head?.value ?? null;
  }
}

/** Names the line that an owner with this demand stands in; `demands` is sorted by name. */
export function lineKey(owner: Owner, demands: readonly ResourceDemand[]): string {
  const inside = demands.some(({ resource }) => resource.isInside(owner));
  const parts = demands.map(({ resource, permits }) => `${resource.name}*${permits}`);
  return JSON.stringify(inside ? [...parts, owner.instance, owner.holder] : parts);
}
