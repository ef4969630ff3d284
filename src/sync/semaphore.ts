import { invariant, present } from '../base/invariant.ts';
import type { PrimitiveDefinition } from './definition.ts';
import { LinkedList, type ListNode } from './linked-list.ts';
import type { FailureReason, Owner } from './operation.ts';
import type { Resource } from './resource.ts';
import type { Holding, PrimitiveSnapshot } from './snapshot.ts';

/**
 * A counting semaphore that knows who holds its permits. Anybody may return one, as in Python: an
 * instance that holds none returns the permit that was held longest, and where nobody holds any it
 * is one more, which a bounded semaphore refuses.
 */
export class Semaphore implements Resource {
  readonly name: string;
  readonly fair: boolean;
  readonly #permits: number;
  readonly #bounded: boolean;
  /** One per grant, the longest held first. */
  readonly #holdings = new LinkedList<Holding>();
  readonly #byInstance = new Map<string, Set<ListNode<Holding>>>();
  #free: number;
  #held = 0;
  #nextToken = 1;
  #ownerDied = false;

  constructor(definition: Extract<PrimitiveDefinition, { kind: 'semaphore' }>) {
    this.name = definition.name;
    this.fair = definition.fair;
    this.#permits = definition.permits;
    this.#bounded = definition.bounded;
    this.#free = definition.permits;
  }

  hasFree(): boolean {
    return this.#free > 0;
  }

  fits(_owner: Owner, permits: number): boolean {
    return permits <= this.#free;
  }

  hopeless(_owner: Owner, permits: number, unlimited: boolean): FailureReason | null {
    if (!this.#bounded || permits <= this.#permits) return null;
    // Without any permits it is no mistake to ask for one: as in Python the answer is that it did not come in time.
    return unlimited || this.#permits > 0 ? 'demand_exceeds_permits' : null;
  }

  isInside(): boolean {
    return false;
  }

  take(owner: Owner, permits: number): number {
    invariant(permits <= this.#free, `semaphore ${this.name} grants only free permits`);
    const token = this.#nextToken;
    this.#nextToken += 1;
    this.#free -= permits;
    this.#held += permits;
    this.#hold(this.#holdings.append({ owner, permits, token }));
    return token;
  }

  refusal(_owner: Owner, permits: number): FailureReason | null {
    return this.#bounded && permits > this.#held ? 'over_released' : null;
  }

  owed({ instance, holder }: Owner, permits: number): number {
    const own = [...(this.#byInstance.get(instance) ?? [])].flatMap(({ value }) => (value.owner.holder === holder ? [value.permits] : []));
    return Math.min(permits, own.reduce((sum, held) => sum + held, 0));
  }

  giveBack(owner: Owner, permits: number): ReadonlyMap<string, number> {
    this.#free += permits;
    let left = permits;
    // Its own first: what another thread of the instance holds is freed when that one ends.
    const held = [...(this.#byInstance.get(owner.instance) ?? [])];
    const isOwn = ({ value }: ListNode<Holding>): boolean => value.owner.holder === owner.holder;
    for (const node of [...held.filter(isOwn), ...held.filter((one) => !isOwn(one))]) {
      if (left === 0) break;
      left -= this.#takeOff(node, left);
    }
    const from = new Map<string, number>();
    while (left > 0 && this.#holdings.head !== null) {
      const { instance } = this.#holdings.head.value.owner;
      const taken = this.#takeOff(this.#holdings.head, left);
      from.set(instance, (from.get(instance) ?? 0) + taken);
      left -= taken;
    }
    return from;
  }

  isHeldBy(instance: string): boolean {
    return this.#byInstance.has(instance);
  }

  ownerEnded(instance: string, holder: string | null): boolean {
    for (const node of this.#byInstance.get(instance) ?? []) {
      if (holder !== null && node.value.owner.holder !== holder) continue;
      this.#free += this.#takeOff(node, node.value.permits);
      this.#ownerDied = true;
    }
    return this.isHeldBy(instance);
  }

  takeOwnerDied(): boolean {
    const ownerDied = this.#ownerDied;
    this.#ownerDied = false;
    return ownerDied;
  }

  snapshot(): PrimitiveSnapshot {
    return {
      kind: 'semaphore',
      name: this.name,
      free: this.#free,
      holdings: [...this.#holdings],
      nextToken: this.#nextToken,
      ownerDied: this.#ownerDied,
      isDelegated: false,
    };
  }

  #hold(node: ListNode<Holding>): void {
    const { instance } = node.value.owner;
    const held = this.#byInstance.get(instance);
    if (held === undefined) this.#byInstance.set(instance, new Set([node]));
    else held.add(node);
  }

  /** Takes at most so many permits off a holding; returns how many. */
  #takeOff(node: ListNode<Holding>, permits: number): number {
    const holding = node.value;
    const taken = Math.min(permits, holding.permits);
    this.#held -= taken;
    const { instance } = holding.owner;
    const held = present(this.#byInstance.get(instance), `a holding of ${this.name} is found by its instance`);
    if (taken < holding.permits) {
      node.value = { ...holding, permits: holding.permits - taken };
      return taken;
    }
    this.#holdings.remove(node);
    held.delete(node);
    if (held.size === 0) this.#byInstance.delete(instance);
    return taken;
  }
}
