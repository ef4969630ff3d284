import type { ActorGraph } from './find-locations.ts';
import type { Act, Location } from './location.ts';

/** Another slot of the same pool, and where it waits for what its task is to hold: the next task is not taken before. */
export interface FellowSlot {
  readonly actor: number;
  readonly waits: Uint8Array;
}

/** The other slots of a pool whose tasks hold something from their start on; none of any other actor. */
export function fellowSlots(graphs: readonly ActorGraph[], actor: number): readonly FellowSlot[] {
  const own = graphs[actor]?.locations.flatMap(({ choices }) => choices.flatMap(({ act }) => poolHeldFor(act) ?? []))[0];
  if (own === undefined) return [];
  return graphs.flatMap(({ locations }, other): readonly FellowSlot[] => {
    const isFellow = other !== actor && locations.some(({ choices }) => choices.some(({ act }) => poolHeldFor(act) === own));
    return isFellow ? [{ actor: other, waits: whereItWaits(locations) }] : [];
  });
}

/** The same for whoever asks in each state: of each actor they are looked for once. */
export class FellowSlots {
  readonly #graphs: readonly ActorGraph[];
  readonly #of = new Map<number, readonly FellowSlot[]>();

  constructor(graphs: readonly ActorGraph[]) {
    this.#graphs = graphs;
  }

  of(actor: number): readonly FellowSlot[] {
    const known = this.#of.get(actor);
    if (known !== undefined) return known;
    const found = fellowSlots(this.#graphs, actor);
    this.#of.set(actor, found);
    return found;
  }
}

/** Behind the get of a task, and in the line from there. */
function whereItWaits(locations: readonly Location[]): Uint8Array {
  const waits = new Uint8Array(locations.length);
  for (const { choices } of locations) {
    for (const { act, target } of choices) {
      if (poolHeldFor(act) === null) continue;
      waits[target] = 1;
      for (const lined of locations[target]?.choices ?? []) if (lined.act.do === 'line_up') waits[lined.target] = 1;
    }
  }
  return waits;
}

/** The pool that a slot takes a task of which is to hold something; null of anything else. */
export function poolHeldFor(act: Act): string | null {
  return act.do === 'get' && act.taskOf?.isHeldFor === true ? act.taskOf.pool : null;
}
