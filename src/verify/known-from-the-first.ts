import { endingConditions } from './condition-lines.ts';
import type { MayStill } from './may-still.ts';
import type { ActorGraph } from './find-locations.ts';
import type { StateLayout } from './state-layout.ts';

/**
 * The first state, in which it is known already of some conditions that nobody can notify them: a run says so before any step is taken, so that
 * whoever comes to wait there fails at once, and keeps the lock (language page, semantics 4).
 */
export function knownFromTheFirst(graphs: readonly ActorGraph[], layout: StateLayout, may: MayStill): readonly number[] {
  const first = Int32Array.from(layout.initial);
  const vain = new Set(endingConditions(graphs).flatMap((condition) => (may.any(`notify:${condition}`, first) ? [] : [layout.vainField(condition)])));
  return layout.initial.map((value, field) => (vain.has(field) ? 1 : value));
}
