import { present } from '../base/invariant.ts';
import type { Exploration } from './explore.ts';
import { PackedSuccessor } from './packed-successor.ts';
import { StatePacking } from './state-packing.ts';

/** A way from the first state to one that was found. */
export interface Way {
  readonly transitions: readonly number[];
  /** The first state, and that after each of them. */
  readonly states: readonly Int32Array[];
  /** Where it leads to, with everybody told apart: the state that was found, or one that it stands for. */
  readonly end: Int32Array;
}

/**
 * The way by which a state was found. Which transition leads to a state is not kept: it is found again by expanding the states on the
 * way, from the first one on, so that those that stand for others are turned back into what really follows from each other.
 */
export function wayTo({ system, visited }: Exploration, state: number): Way {
  const chain: number[] = [];
  for (let at = state; at >= 0; at = visited.parentOf(at)) chain.unshift(at);
  const packing = new StatePacking(system.fieldSizes);
  const { words } = packing;
  const end = Int32Array.from(system.initial);
  let current = packing.pack(system.initial);
  const states: Int32Array[] = [Int32Array.from(system.initial)];
  const transitions = chain.slice(1).map((target) => {
    const wanted = visited.arena.subarray(target * words, (target + 1) * words);
    const found: { readonly transition: number; readonly reached: Int32Array }[] = [];
    const successor = new PackedSuccessor(packing, (transition) => {
      // The first one serves, and to bring a state into order takes long where many are alike.
      if (found.length > 0) return;
      const reached = successor.words.slice();
      system.normalize(successor);
      if (successor.words.every((word, at) => word === wanted[at])) found.push({ transition, reached });
    });
    packing.unpack(current, 0, end);
    successor.begin(current, 0);
    system.expand(end, successor, 'all');
    const first = present(found[0], 'a state is found again from its parent');
    current = first.reached;
    packing.unpack(current, 0, end);
    states.push(end.slice());
    return first.transition;
  });
  packing.unpack(current, 0, end);
  return { transitions, states, end };
}

/** The transitions of a way by which a state was found; no other is shorter where nothing was left out. */
export function shortestWay(exploration: Exploration, state: number): readonly number[] {
  return wayTo(exploration, state).transitions;
}

/** A state that was found, as the numbers of its fields. */
export function stateAt({ system, visited }: Exploration, state: number): Int32Array {
  const packing = new StatePacking(system.fieldSizes);
  const fields = new Int32Array(system.fieldSizes.length);
  packing.unpack(visited.arena, state * packing.words, fields);
  return fields;
}
