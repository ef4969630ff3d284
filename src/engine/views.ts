import type { Actor } from '../plan/plan.ts';
import { type ActorIndex, canStillAct } from './can-act.ts';
import type { Context } from './context.ts';
import { runSlots } from './engine-options.ts';
import type { WaitReason } from './run-event.ts';
import type { Unit } from './unit-state.ts';

/** How many names a wait lists at most: it is for people. */
const maxNamed = 8;

/** Tells what every instance and pool waits for, and who could give it, whenever that has changed. */
export class Views {
  readonly #context: Context;
  readonly #index: ActorIndex;
  readonly #told = new Map<string, readonly WaitReason[]>();

  constructor(context: Context, index: ActorIndex) {
    this.#context = context;
    this.#index = index;
  }

  /** Reports what is new. */
  tell(): void {
    for (const name of this.#context.touched) {
      const state = this.#context.instances.get(name) ?? this.#context.pools.get(name);
      if (state !== undefined) this.#tellOf(state);
    }
    this.#context.touched.clear();
  }

  #tellOf(state: Unit): void {
    const waits = this.#waitsOf(state);
    const before = this.#told.get(state.name);
    if (before === waits || (before === undefined && waits.length === 0)) return;
    this.#told.set(state.name, waits);
    const named = waits.map((wait) => this.#named(wait));
    if (state.type === 'pool') {
      if (state.phase !== 'ended') this.#context.report({ type: 'pool.waiting', pool: state.name, for: named });
    } else if (waits.length > 0) {
      this.#context.report({ type: 'instance.waiting', instance: state.name, for: named });
    } else if (state.phase === 'running') {
      this.#context.report({ type: 'instance.running', instance: state.name });
    }
  }

  #waitsOf(state: Unit): readonly WaitReason[] {
    if (state.type === 'pool' || state.machine === null) return state.waits;
    return this.#context.machines.get(state.machine)?.waits ?? state.waits;
  }

  #named(wait: WaitReason): WaitReason {
    const name = wait.name === runSlots ? 'max_parallel' : wait.name;
    return { ...wait, name, by: wait.by.length > 0 ? wait.by.slice(0, maxNamed) : this.#providersOf(wait) };
  }

  #providersOf(wait: WaitReason): readonly string[] {
    switch (wait.kind) {
      case 'event':
        return this.#able(this.#index.of('set', wait.name));
      case 'condition':
        return this.#able(this.#index.of('notify', wait.name));
      case 'barrier':
        return this.#able(this.#index.of('wait', wait.name));
      case 'queue':
        return this.#able(this.#index.of(wait.detail === 'get' ? 'put' : 'get', wait.name));
      case 'hold':
        return this.#context.holdings.holdersOf(wait.name, maxNamed);
      default:
        return [];
    }
  }

  #able(actors: readonly Actor[]): readonly string[] {
    const names: string[] = [];
    for (const actor of actors) {
      if (names.length >= maxNamed) break;
      if (!names.includes(actor.who) && canStillAct(this.#context, this.#index, actor)) names.push(actor.who);
    }
    return names;
  }
}
