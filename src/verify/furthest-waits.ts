import { EdgeList } from './edge-list.ts';
import { type Budget, type Exploration, explore } from './explore.ts';
import type { ModelSystem } from './model-system.ts';
import { PackedSuccessor } from './packed-successor.ts';
import { ReducedSystem } from './reduced-system.ts';
import { shortestWay } from './shortest-way.ts';
import { StatePacking } from './state-packing.ts';
import { waitedFor } from './waited-for.ts';
import { WatchedSystem } from './watched-system.ts';

/** With more that may follow it is told as it is. */
const mostStates = 20_000;

/**
 * The steps from where nothing leads to the end of a run any more, though some of it goes on, to where the most of those who have to end
 * wait for ever for what others hold, who may be on their way there yet; none where no more of them do, or where that is not found out.
 */
export function toFurthestWaits(system: ModelSystem, from: Int32Array, { mayGoOn }: Budget): readonly number[] {
  const watched = new WatchedSystem(new ReducedSystem(system, []), { isWanted: () => false, from: [...from] });
  const found = explore(watched, { budget: { maxStates: mostStates, mayGoOn }, judgesEnd: false, stopsAtStuck: false, isReduced: false });
  if (!found.isComplete) return [];
  const waiting = new Uint8Array(found.states);
  const graph = new WhatFollows(system, found);
  for (const actor of system.unended(from)) {
    const field = system.layout.actorField(actor);
    const waits = Uint8Array.from(system.graphs[actor]?.locations ?? [], (location) => Number(waitedFor(location, system.resources, () => false)?.on.some((what) => what.startsWith('held:')) === true));
    if (!waits.includes(1)) continue;
    for (const state of graph.whereItStays(actor)) if (waits[graph.fieldAt(state, field)] === 1) waiting[state] = (waiting[state] ?? 0) + 1;
  }
  const most = waiting.reduce((left, right) => Math.max(left, right), 0);
  return shortestWay(found, waiting.indexOf(most));
}

/** What follows from each state that was found. */
class WhatFollows {
  readonly #states: readonly Int32Array[];
  readonly #edges = new EdgeList();
  /** Of each actor, the states in which it can go on, be it only in place. */
  readonly #goes: readonly (number[])[];

  constructor(model: ModelSystem, { system, states, visited }: Exploration) {
    const goes = model.graphs.map((): number[] => []);
    const packing = new StatePacking(system.fieldSizes);
    let source = 0;
    const successor: PackedSuccessor = new PackedSuccessor(packing, (transition) => {
      goes[model.layout.actorNamed(model.transitionAt(transition).actor)]?.push(source);
      this.#edges.add(source, visited.add(successor.words, source));
    });
    const unpacked: Int32Array[] = [];
    for (; source < states; source += 1) {
      const state = new Int32Array(system.fieldSizes.length);
      packing.unpack(visited.arena, source * packing.words, state);
      unpacked.push(state);
      successor.begin(visited.arena, source * packing.words);
      system.expand(state, successor, 'all');
    }
    this.#states = unpacked;
    this.#goes = goes;
  }

  fieldAt(state: number, field: number): number {
    return this.#states[state]?.[field] ?? 0;
  }

  /** From where on somebody never goes on any more. */
  whereItStays(actor: number): readonly number[] {
    const goes = new Uint8Array(this.#states.length);
    for (const state of this.#goes[actor] ?? []) goes[state] = 1;
    this.#edges.markBackwards(goes);
    return [...goes.entries()].flatMap(([state, mark]) => (mark === 0 ? [state] : []));
  }
}
