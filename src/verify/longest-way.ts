import type { ActorGraph } from './find-locations.ts';
import type { Choice } from './location.ts';
import { robbedAt } from './robbed-at.ts';

/** Actors with more locations than this are taken to go round without end. */
const maxLocations = 2000;

/**
 * The longest way through an actor, counted in what its choices count for; without end where a loop has some of that.
 *
 * @param isDoneAgain others may start it again
 */
export function longestWay(graph: ActorGraph, countOf: (choice: Choice) => number, isDoneAgain: boolean): number {
  const { locations } = graph;
  if (!locations.some(({ choices }) => choices.some((choice) => countOf(choice) > 0))) return 0;
  return isDoneAgain || locations.length > maxLocations ? Number.POSITIVE_INFINITY : longestFrom(graph, [0], countOf);
}

/** The longest way from any of some locations, counted as `countOf` says, which is null of a choice that is not taken; without end where it goes round. */
export function longestFrom(graph: ActorGraph, from: Iterable<number>, countOf: (choice: Choice) => number | null): number {
  const { locations } = graph;
  const counts = locations.map(({ choices }) => choices.map(countOf));
  const most = new Float64Array(locations.length).fill(Number.NEGATIVE_INFINITY);
  for (const at of from) most[at] = 0;
  for (let round = 0; round <= locations.length; round += 1) {
    let grew = false;
    const goes = (at: number, target: number, count: number | null): void => {
      const sum = (most[at] ?? 0) + (count ?? 0);
      if (count === null || sum <= (most[target] ?? 0)) return;
      most[target] = sum;
      grew = true;
    };
    for (const [at, { choices }] of locations.entries()) {
      for (const [index, { target }] of choices.entries()) goes(at, target, counts[at]?.[index] ?? null);
      for (const target of robbedAt(graph, at)) goes(at, target, 0);
    }
    if (!grew) return most.reduce((left, right) => Math.max(left, right), 0);
  }
  return Number.POSITIVE_INFINITY;
}
