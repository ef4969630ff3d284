import type { SeenProcess } from './process-look.ts';

/** Those that are not stopped. Whoever has called vfork(2) cannot be until his child is another program, and does not run before that either. */
export function runningOf(all: readonly SeenProcess[]): readonly SeenProcess[] {
  const parents = new Set(all.flatMap(({ state, parent }) => (state === 'T' ? [parent] : [])));
  return all.filter(({ pid, state }) => state !== 'T' && !(state === 'D' && parents.has(pid)));
}
