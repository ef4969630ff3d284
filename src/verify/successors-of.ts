import type { Choice } from './location.ts';
import type { ModelSystem } from './model-system.ts';

/** What may follow a state at once, by those choices that are wanted. */
export function successorsOf(system: ModelSystem, state: Int32Array, isWanted: (choice: Choice) => boolean = () => true): readonly Int32Array[] {
  const found: Int32Array[] = [];
  let made = state.slice();
  system.expand(state, {
    get: (field) => made[field] ?? 0,
    set: (field, value) => {
      made[field] = value;
    },
    reach: (transition) => {
      if (isWanted(system.transitionAt(transition).choice)) found.push(made);
      made = state.slice();
    },
  });
  return found;
}
