import type { Closing } from '../../../src/sync/closing.ts';
import type { PrimitiveDefinition } from '../../../src/sync/definition.ts';
import type { Demand, FailureReason, Outcome, Owner, SyncRequest } from '../../../src/sync/operation.ts';
import { type Entry, NaiveModel } from './naive-model.ts';

/** Locks and semaphores. */
export type HoldDefinition = Extract<PrimitiveDefinition, { kind: 'lock' | 'semaphore' }>;

interface Holding {
  readonly owner: Owner;
  permits: number;
  token: number;
}

interface State {
  readonly definition: HoldDefinition;
  holdings: Holding[];
  /** Permits that were returned though nobody held any. */
  extra: number;
  nextToken: number;
  died: boolean;
  isDelegated: boolean;
}

/** What an entry waits for: a demand, with how it ends; or, with no demand yet, a notification. */
export interface Wish {
  readonly demands: readonly Demand[];
  readonly condition: string | null;
  readonly ending: 'granted' | 'timed_out' | 'impossible' | 'notify';
}

/** Locks and semaphores, first fit in order of arrival, by walking through everybody who waits. */
export class HoldsModel extends NaiveModel<Wish> {
  protected readonly states: ReadonlyMap<string, State>;

  constructor(definitions: readonly HoldDefinition[]) {
    super();
    this.states = new Map(
      definitions.map((definition) => [
        definition.name,
        { definition, holdings: [], extra: 0, nextToken: 1, died: false, isDelegated: false },
      ]),
    );
  }

  protected ask(request: SyncRequest, nowMs: number): void {
    const { operation, owner } = request;
    if (operation.verb === 'acquire') this.#acquire(request, operation.demands.toSorted(byName), nowMs);
    if (operation.verb === 'delegate') this.#delegate(request, operation.name);
    if (operation.verb === 'reclaim') this.#reclaim(request, operation);
    if (operation.verb !== 'release') return;
    const demands = operation.demands.toSorted(byName);
    for (const demand of demands) {
      const reason = this.#refusal(owner, demand);
      if (reason !== null) {
        this.fail(request, reason);
        return;
      }
    }
    for (const demand of demands) this.#return(owner, demand);
    this.grant(request);
    this.scan();
  }

  protected closing(_closing: Closing): void {
    // Nobody can state that a lock or a semaphore is closed.
  }

  protected calledOff(_entries: readonly Entry<Wish>[]): void {
    this.scan();
  }

  protected ended(instance: string, _final: boolean): void {
    this.#drop((owner) => owner.instance === instance);
  }

  protected override letGo(instance: string, holder: string): void {
    this.#drop((owner) => owner.instance === instance && owner.holder === holder);
  }

  #drop(isGone: (owner: Owner) => boolean): void {
    for (const state of this.states.values()) {
      const left = state.holdings.filter(({ owner }) => !isGone(owner));
      if (left.length < state.holdings.length) state.died = true;
      state.holdings = left;
    }
    this.scan();
  }

  protected override timeOut(entry: Entry<Wish>): void {
    super.timeOut(entry);
    this.scan();
  }

  /** Grants, again and again, the first whose whole demand fits. */
  protected scan(): void {
    for (;;) {
      const entry = this.waiting.find(({ request, detail }, at) =>
        detail.ending !== 'notify' && this.fits(request.owner, detail.demands, this.waiting.slice(0, at)),
      );
      if (entry === undefined) return;
      this.waiting = this.waiting.filter((other) => other !== entry);
      this.take(entry.request, entry.detail);
    }
  }

  protected take(request: SyncRequest, { demands, ending }: Wish): void {
    const tokens: Record<string, number> = {};
    const ownerDied: string[] = [];
    for (const demand of demands) {
      const state = this.state(demand.name);
      if (ending === 'granted' && state.died) {
        ownerDied.push(demand.name);
        state.died = false;
      }
      tokens[demand.name] = grantTo(state, request.owner, demand.permits);
    }
    this.answer(request, outcomeOf(ending, tokens, ownerDied));
  }

  protected fits(owner: Owner, demands: readonly Demand[], earlier: readonly Entry<Wish>[]): boolean {
    return demands.every(({ name, permits }) => {
      const { definition, holdings, extra } = this.state(name);
      if (definition.kind === 'lock') {
        return holdings.length === 0 || (definition.reentrant && isSame(holdings[0]?.owner, owner));
      }
      const wanted = earlier.some(({ detail }) => detail.demands.some((demand) => demand.name === name));
      return permits <= definition.permits + extra - heldOf(holdings) && !(definition.fair && wanted);
    });
  }

  protected state(name: string): State {
    const state = this.states.get(name);
    if (state === undefined) throw new Error(`no such name: ${name}`);
    return state;
  }

  protected owns(owner: Owner, lock: string): boolean {
    const { definition, holdings } = this.state(lock);
    const holder = holdings[0]?.owner;
    return definition.kind === 'lock' && definition.reentrant
      ? isSame(holder, owner)
      : holder?.instance === owner.instance;
  }

  #acquire(request: SyncRequest, demands: readonly Demand[], nowMs: number): void {
    for (const demand of demands) {
      const reason = this.#hopeless(request, demand);
      if (reason !== null) {
        this.fail(request, reason);
        return;
      }
    }
    const wish: Wish = { demands, condition: null, ending: 'granted' };
    if (!this.fits(request.owner, demands, this.waiting)) {
      this.waitOrTimeOut(request, nowMs, wish);
      return;
    }
    this.take(request, wish);
    this.scan();
  }

  #delegate(request: SyncRequest, name: string): void {
    const state = this.state(name);
    const isWanted = this.waiting.some(({ detail }) => detail.demands.some((demand) => demand.name === name));
    const [holding] = state.holdings;
    const isPlain = state.definition.kind === 'lock' && !state.definition.reentrant;
    if (isWanted || !isPlain || holding === undefined || !isSame(holding.owner, request.owner)) {
      this.fail(request, 'not_delegable');
      return;
    }
    state.isDelegated = true;
    this.grant(request, holding.token);
  }

  #reclaim(request: SyncRequest, { name, token, isHeld }: { readonly name: string; readonly token: number; readonly isHeld: boolean }): void {
    const state = this.state(name);
    const [holding] = state.holdings;
    if (!state.isDelegated || holding === undefined) {
      this.fail(request, 'not_owner');
      return;
    }
    state.isDelegated = false;
    // The holder may be about to take it by the number behind that of a grant which is over.
    state.nextToken = token + (isHeld ? 1 : 2);
    holding.token = token;
    if (!isHeld) {
      state.holdings = [];
      this.report({ type: 'reclaimed_free', lock: name, owner: request.owner });
    }
    this.grant(request);
  }

  #hopeless({ owner, deadlineMs }: SyncRequest, { name, permits }: Demand): FailureReason | null {
    const { definition, holdings } = this.state(name);
    if (definition.kind === 'semaphore') {
      if (!definition.bounded || permits <= definition.permits) return null;
      return deadlineMs === null || definition.permits > 0 ? 'demand_exceeds_permits' : null;
    }
    if (definition.reentrant) return null;
    if (permits > 1) return 'demand_exceeds_permits';
    const holder = holdings[0]?.owner;
    const never = holder?.instance === owner.instance && ['steps', owner.holder].includes(holder.holder);
    return never && deadlineMs === null ? 'would_deadlock_on_itself' : null;
  }

  #refusal(owner: Owner, { name, permits }: Demand): FailureReason | null {
    const { definition, holdings } = this.state(name);
    const held = heldOf(holdings);
    if (definition.kind === 'semaphore') return definition.bounded && permits > held ? 'over_released' : null;
    return this.owns(owner, name) && permits <= held ? null : 'not_owner';
  }

  #return(owner: Owner, { name, permits }: Demand): void {
    const state = this.state(name);
    const foreign = new Map<string, number>();
    for (let permit = 0; permit < permits; permit += 1) {
      const holding =
        state.holdings.find((one) => isSame(one.owner, owner)) ??
        state.holdings.find((one) => one.owner.instance === owner.instance) ??
        state.holdings[0];
      if (holding === undefined) {
        state.extra += 1;
        continue;
      }
      const { instance } = holding.owner;
      if (instance !== owner.instance) foreign.set(instance, (foreign.get(instance) ?? 0) + 1);
      holding.permits -= 1;
      state.holdings = state.holdings.filter((one) => one.permits > 0);
    }
    for (const [from, taken] of foreign) {
      this.report({ type: 'foreign_release', semaphore: name, instance: owner.instance, from, permits: taken });
    }
  }
}

function grantTo(state: State, owner: Owner, permits: number): number {
  const [inside] = state.holdings;
  if (state.definition.kind === 'lock' && inside !== undefined) {
    inside.permits += permits;
    return inside.token;
  }
  const token = state.nextToken;
  state.nextToken += 1;
  state.holdings.push({ owner, permits, token });
  return token;
}

function outcomeOf(ending: Wish['ending'], tokens: Record<string, number>, ownerDied: string[]): Outcome {
  if (ending === 'timed_out') return { status: 'timed_out' };
  if (ending === 'impossible') return { status: 'failed', reason: 'impossible' };
  return { status: 'granted', value: null, itemId: null, tokens, ownerDied };
}

function heldOf(holdings: readonly Holding[]): number {
  return holdings.reduce((sum, { permits }) => sum + permits, 0);
}

function isSame(a: Owner | undefined, b: Owner): boolean {
  return a?.instance === b.instance && a.holder === b.holder;
}

function byName(a: Demand, b: Demand): number {
  return a.name < b.name ? -1 : 1;
}
