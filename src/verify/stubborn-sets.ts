import type { ModelSystem } from './model-system.ts';
import { Dependences } from './dependences.ts';
import { fieldsOf } from './fields-of.ts';
import type { GrowingSet } from './growing-set.ts';
import type { Successor } from './transition-system.ts';

/**
 * Of the actors that can go on in a state, a part that is enough to follow (Valmari's stubborn sets): whatever the others do before
 * cannot hinder these or be hindered by them, nor let one of them do what it cannot yet. Whichever way leads to a stuck state, one of
 * these has to move on it, and may as well move first. So every stuck state is still found, at the same depth.
 */
export class StubbornSets {
  readonly #model: ModelSystem;
  readonly #dependences: Dependences;
  /** Of each transition, 1 where it is possible in the state that is being looked at. */
  readonly #isEnabled: Uint8Array;
  readonly #probe: Successor;
  /** Of each actor the number of its group. */
  readonly #groupOf: Int32Array;

  /** @param alike groups of actors that nothing tells apart */
  constructor(model: ModelSystem, alike: readonly (readonly number[])[]) {
    this.#model = model;
    this.#groupOf = Int32Array.from(model.graphs, (_, actor) => alike.length + actor);
    for (const [group, actors] of alike.entries()) for (const actor of actors) this.#groupOf[actor] = group;
    this.#dependences = new Dependences(model);
    const isEnabled = new Uint8Array(model.transitions);
    this.#isEnabled = isEnabled;
    let state: Int32Array = new Int32Array(0);
    this.#probe = {
      get: (field) => state[field] ?? 0,
      set: () => undefined,
      reach: (transition) => {
        isEnabled[transition] = 1;
      },
    };
    this.#look = (looked) => {
      state = looked;
      isEnabled.fill(0);
      model.expand(looked, this.#probe);
    };
  }

  readonly #look: (state: Int32Array) => void;

  /** The actors to follow; null is all of them. */
  find(state: Int32Array): readonly number[] | null {
    this.#look(state);
    const counts = this.#model.graphs.map((_, actor) => this.#countEnabled(state, actor));
    const all = counts.reduce((sum, count) => sum + count, 0);
    let best: readonly number[] | null = null;
    let least = all;
    const tried = new Set<string>();
    for (const [actor, count] of counts.entries()) {
      if (count === 0 || count >= least) continue;
      const kind = [this.#groupOf[actor] ?? 0, ...fieldsOf(this.#model, actor).map((field) => state[field] ?? 0)].join('.');
      if (tried.has(kind)) continue;
      tried.add(kind);
      const found = this.#closure(state, actor, counts, least);
      if (found === null) continue;
      best = found.actors;
      least = found.enabled;
      if (least === 1) break;
    }
    return best;
  }

  #countEnabled(state: Int32Array, actor: number): number {
    const location = state[this.#model.layout.actorField(actor)] ?? 0;
    const first = this.#model.firstTransition(actor, location);
    const choices = this.#model.graphs[actor]?.locations[location]?.choices.length ?? 0;
    let count = 0;
    for (let index = 0; index < choices; index += 1) count += this.#isEnabled[first + index] ?? 0;
    return count;
  }

  /** All that have to be followed with one of them; null where that is no fewer than were found already. */
  #closure(state: Int32Array, seed: number, counts: readonly number[], most: number): { readonly actors: readonly number[]; readonly enabled: number } | null {
    const members = new Set([seed]);
    const asked: GrowingSet = {
      state,
      isMember: (actor) => members.has(actor),
      add: (actor) => {
        members.add(actor);
      },
    };
    let enabled = 0;
    for (const actor of members) {
      const count = counts[actor] ?? 0;
      enabled += count;
      if (enabled >= most) return null;
      const location = state[this.#model.layout.actorField(actor)] ?? 0;
      const first = this.#model.firstTransition(actor, location);
      if (count > 0) this.#dependences.addFollowersOfAny(asked);
      this.#dependences.addMoversOf(actor, location, asked);
      for (const [index, choice] of (this.#model.graphs[actor]?.locations[location]?.choices ?? []).entries()) {
        if (this.#isEnabled[first + index] !== 1) this.#dependences.addEnablers(actor, choice, asked);
        else if (!this.#dependences.addRivals(actor, location, choice, asked)) return null;
      }
    }
    return { actors: [...members].filter((actor) => (counts[actor] ?? 0) > 0), enabled };
  }
}
