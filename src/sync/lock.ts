import { invariant, present } from '../base/invariant.ts';
import { type FailureReason, type Owner, stepsHolder } from './operation.ts';
import type { Resource } from './resource.ts';
import type { Holding, PrimitiveSnapshot } from './snapshot.ts';

/**
 * A mutex with an owner. A plain lock (`threading.Lock`) belongs to the instance, so that any holder
 * in it may release it; a reentrant lock (`threading.RLock`) belongs to the holder that took it,
 * which may enter it again and leaves it with its last release.
 */
export class Lock implements Resource {
  readonly name: string;
  readonly fair = false;
  readonly reentrant: boolean;
  readonly #isOfCondition: boolean;
  #holding: Holding | null = null;
  #nextToken = 1;
  #ownerDied = false;
  #isDelegated = false;

  constructor(name: string, reentrant: boolean, isOfCondition: boolean) {
    this.name = name;
    this.reentrant = reentrant;
    this.#isOfCondition = isOfCondition;
  }

  hasFree(): boolean {
    return this.#holding === null;
  }

  fits(owner: Owner, permits: number): boolean {
    return this.isInside(owner) || (this.#holding === null && (this.reentrant || permits === 1));
  }

  hopeless(owner: Owner, permits: number, unlimited: boolean): FailureReason | null {
    this.#assertOwn();
    if (this.reentrant) return null;
    if (permits > 1) return 'demand_exceeds_permits';
    const holder = this.#holding?.owner;
    if (!unlimited || holder?.instance !== owner.instance) return null;
    // Another thread of a worker may still release what it took; a holder that waits for itself,
    // or for the life of its own instance, never sees a release.
    return holder.holder === owner.holder || holder.holder === stepsHolder ? 'would_deadlock_on_itself' : null;
  }

  isInside(owner: Owner): boolean {
    return this.reentrant && this.isOwner(owner);
  }

  /** Whether a release by this owner is its right. */
  isOwner(owner: Owner): boolean {
    const holder = this.#holding?.owner;
    return holder?.instance === owner.instance && (!this.reentrant || holder.holder === owner.holder);
  }

  /** How often the lock is held; 0 when it is free. */
  get depth(): number {
    return this.#holding?.permits ?? 0;
  }

  take(owner: Owner, permits: number): number {
    invariant(this.fits(owner, permits), `lock ${this.name} is granted only where it fits`);
    if (this.#holding === null) {
      this.#holding = { owner, permits, token: this.#nextToken };
      this.#nextToken += 1;
    } else {
      this.#holding = { ...this.#holding, permits: this.#holding.permits + permits };
    }
    return this.#holding.token;
  }

  refusal(owner: Owner, permits: number, token: number | null): FailureReason | null {
    this.#assertOwn();
    const isMeant = token === null || token === this.#holding?.token;
    return this.isOwner(owner) && permits <= this.depth && isMeant ? null : 'not_owner';
  }

  owed(owner: Owner, permits: number): number {
    this.#assertOwn();
    return this.isOwner(owner) ? Math.min(permits, this.depth) : 0;
  }

  /**
   * Leaves it to the holder to release and take the lock by itself, until `reclaim`; gives the token of
   * its grant, or null where this cannot be: a condition, for one, gives its lock to others by itself.
   */
  delegate(owner: Owner): number | null {
    this.#assertOwn();
    const holding = this.#holding;
    if (this.reentrant || this.#isOfCondition || holding === null) return null;
    if (holding.owner.instance !== owner.instance || holding.owner.holder !== owner.holder) return null;
    this.#isDelegated = true;
    return holding.token;
  }

  /**
   * Takes the lock back as the holder has left it, with `token` as its last grant; false where it was not
   * delegated to it. A holder that has released it may be about to take it by the grant that follows, and gives
   * that up by its number: nobody else is ever granted the lock by it.
   */
  reclaim(owner: Owner, token: number, isHeld: boolean): boolean {
    const holding = this.#holding;
    if (!this.#isDelegated || holding === null || token < holding.token) return false;
    if (holding.owner.instance !== owner.instance || holding.owner.holder !== owner.holder) return false;
    this.#isDelegated = false;
    this.#holding = { ...holding, token };
    this.#nextToken = token + (isHeld ? 1 : 2);
    return true;
  }

  /**
   * Takes the lock back from those whom the owner, to whom it was delegated, has handed it on to: `holder` has it by
   * the grant `token`, or nobody where that is over. False where it was not delegated to the owner.
   */
  handBack(owner: Owner, token: number, holder: Owner | null): boolean {
    const holding = this.#holding;
    if (!this.#isDelegated || holding === null || token < holding.token) return false;
    if (holding.owner.instance !== owner.instance || holding.owner.holder !== owner.holder) return false;
    this.#isDelegated = false;
    this.#holding = holder === null ? null : { owner: holder, permits: 1, token };
    this.#nextToken = token + 1;
    return true;
  }

  giveBack(_owner: Owner, permits: number): ReadonlyMap<string, number> {
    const holding = present(this.#holding, `lock ${this.name} is released only where it is held`);
    this.#holding = permits === holding.permits ? null : { ...holding, permits: holding.permits - permits };
    return new Map();
  }

  isHeldBy(instance: string): boolean {
    return this.#holding?.owner.instance === instance;
  }

  ownerEnded(instance: string, holder: string | null): boolean {
    const owner = this.#holding?.owner;
    if (owner?.instance !== instance) return false;
    if (holder !== null && owner.holder !== holder) return true;
    this.#assertOwn();
    this.#holding = null;
    this.#ownerDied = true;
    return false;
  }

  takeOwnerDied(): boolean {
    const ownerDied = this.#ownerDied;
    this.#ownerDied = false;
    return ownerDied;
  }

  snapshot(): PrimitiveSnapshot {
    return {
      kind: 'lock',
      name: this.name,
      free: this.#holding === null ? 1 : 0,
      holdings: this.#holding === null ? [] : [this.#holding],
      nextToken: this.#nextToken,
      ownerDied: this.#ownerDied,
      isDelegated: this.#isDelegated,
    };
  }

  #assertOwn(): void {
    invariant(!this.#isDelegated, `lock ${this.name} is reclaimed before it is asked for`);
  }
}
