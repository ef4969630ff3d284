import type { ActorGraph } from './find-locations.ts';

/** The names of all whom somebody may start: what they do they may do again, and any number of times. */
export function startedByOthers(graphs: readonly ActorGraph[]): ReadonlySet<string> {
  return new Set(graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => choices.flatMap(({ act }) => (act.do === 'start' ? act.actors : [])))));
}
