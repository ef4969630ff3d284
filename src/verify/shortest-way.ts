import { present } from '../base/invariant.ts';
import type { Exploration } from './explore.ts';
import { PackedSuccessor } from './packed-successor.ts';
import { StatePacking } from './state-packing.ts';

/**
 * The transitions of a shortest way from the first state to one that was found. Which transition leads
 * to a state is not kept: it is found again by expanding the states on the way.
 */
export function shortestWay({ system, visited }: Exploration, state: number): readonly number[] {
  const chain: number[] = [];
  for (let at = state; at >= 0; at = visited.parentOf(at)) chain.unshift(at);
  const packing = new StatePacking(system.fieldSizes);
  const { words } = packing;
  const from = new Int32Array(system.fieldSizes.length);
  return chain.slice(1).map((target, index) => {
    packing.unpack(visited.arena, (chain[index] ?? 0) * words, from);
    const wanted = visited.arena.subarray(target * words, (target + 1) * words);
    const found: number[] = [];
    const successor = new PackedSuccessor(packing, (transition) => {
      if (successor.words.every((word, at) => word === wanted[at])) found.push(transition);
    });
    successor.begin(visited.arena, (chain[index] ?? 0) * words);
    system.expand(from, successor);
    return present(found[0], 'a state is found again from its parent');
  });
}

/** A state that was found, as the numbers of its fields. */
export function stateAt({ system, visited }: Exploration, state: number): Int32Array {
  const packing = new StatePacking(system.fieldSizes);
  const fields = new Int32Array(system.fieldSizes.length);
  packing.unpack(visited.arena, state * packing.words, fields);
  return fields;
}
