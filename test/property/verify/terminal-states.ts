import type { Exploration } from '../../../src/verify/explore.ts';
import { stateAt } from '../../../src/verify/shortest-way.ts';

/** States from which nothing leads on, by their numbers: those in which all has ended, and those in which somebody is stuck. */
export function terminalStates(found: Exploration): { readonly final: readonly number[]; readonly stuck: readonly number[] } {
  const { system } = found;
  const final: number[] = [];
  const stuck: number[] = [];
  for (let number = 0; number < found.states; number += 1) {
    const state = stateAt(found, number);
    if (system.isFinal(state)) {
      final.push(number);
      continue;
    }
    const next = Int32Array.from(state);
    let count = 0;
    system.expand(state, {
      get: (field) => next[field] ?? 0,
      set: (field, value) => {
        next[field] = value;
      },
      reach: () => {
        count += 1;
        next.set(state);
      },
    }, 'all');
    if (count === 0) stuck.push(number);
  }
  return { final, stuck };
}
