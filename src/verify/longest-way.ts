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
  const counts = locations.map(({ choices }) => choices.map(countOf));
  if (!counts.some((some) => some.some((count) => count > 0))) return 0;
  if (isDoneAgain || locations.length > maxLocations) return Number.POSITIVE_INFINITY;
  const most = new Float64Array(locations.length).fill(Number.NEGATIVE_INFINITY);
  most[0] = 0;
  for (let round = 0; round <= locations.length; round += 1) {
    let grew = false;
    const goes = (at: number, target: number, count: number): void => {
      const sum = (most[at] ?? 0) + count;
      if (sum <= (most[target] ?? 0)) return;
      most[target] = sum;
      grew = true;
    };
    for (const [at, { choices }] of locations.entries()) {
      for (const [index, { target }] of choices.entries()) goes(at, target, counts[at]?.[index] ?? 0);
      for (const target of robbedAt(graph, at)) goes(at, target, 0);
    }
    if (!grew) return most.reduce((left, right) => Math.max(left, right), 0);
  }
  return Number.POSITIVE_INFINITY;
}
