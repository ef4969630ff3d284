import type { ActorGraph } from './find-locations.ts';
import type { Choice } from './location.ts';
import { longestFrom } from './longest-way.ts';
import type { Resource } from './model.ts';
import { startedByOthers } from './started-by-others.ts';

type Queue = Extract<Resource, { kind: 'queue' }>;

/** Actors with more locations than this are taken to put without end. */
const maxLocations = 2000;

/** More than so many are not worth to be told apart. */
export const mostCounted = 100;

/**
 * How many items ever come into each queue of which that is known. A loop that puts into one counts as often as it takes from
 * others, where what comes into those is known: so the results of a pool are as many as its tasks.
 */
export function mostEverIn(resources: readonly Resource[], graphs: readonly ActorGraph[]): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  const again = startedByOthers(graphs);
  const queues = resources.filter((resource): resource is Queue => resource.kind === 'queue');
  const putting = queues.map((queue) => ({ queue, graphs: graphs.filter(({ locations }) => locations.some(({ choices }) => choices.some((choice) => countPuts(choice, queue.name) > 0))) }));
  for (let before = -1; before < known.size; ) {
    before = known.size;
    for (const { queue, graphs: some } of putting) {
      if (known.has(queue.name)) continue;
      const most = some.reduce((sum, graph) => sum + (again.has(graph.name) ? Number.POSITIVE_INFINITY : putsOf(graph, queue.name, known)), queue.items);
      // What somebody had in hand may come back, and be taken again.
      if (most <= mostCounted && !queue.redelivers) known.set(queue.name, most);
    }
  }
  return known;
}

/** The most that an actor puts into a queue, counted from one item to the next that it takes of those that are known. */
function putsOf(graph: ActorGraph, queue: string, known: ReadonlyMap<string, number>): number {
  const { locations } = graph;
  if (locations.length > maxLocations) return Number.POSITIVE_INFINITY;
  const takes = ({ act }: Choice): boolean => act.do === 'get' && known.has(act.queue);
  const from = new Set(locations.flatMap(({ choices }) => choices.flatMap((choice) => (takes(choice) ? [choice.target] : []))));
  const taken = new Set(locations.flatMap(({ choices }) => choices.flatMap(({ act }) => (act.do === 'get' && known.has(act.queue) ? [act.queue] : []))));
  const rounds = [...taken].reduce((sum, name) => sum + (known.get(name) ?? 0), 0);
  const behind = longest(graph, new Set(from), queue, takes);
  return longest(graph, new Set([0]), queue, takes) + (rounds === 0 || behind === 0 ? 0 : rounds * behind);
}

/** The most puts on one way from any of some locations that takes nothing; without end where it goes round. */
function longest(graph: ActorGraph, from: ReadonlySet<number>, queue: string, takes: (choice: Choice) => boolean): number {
  return longestFrom(graph, from, (choice) => (takes(choice) ? null : countPuts(choice, queue)));
}

function countPuts({ act }: Choice, queue: string): number {
  return act.do === 'put' && act.queue === queue ? (act.count ?? 1) : 0;
}
