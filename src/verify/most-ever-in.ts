import type { ActorGraph } from './find-locations.ts';
import type { Choice } from './location.ts';
import type { Resource } from './model.ts';
import { robbedAt } from './robbed-at.ts';
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
  const { locations } = graph;
  const most = new Float64Array(locations.length).fill(Number.NEGATIVE_INFINITY);
  for (const at of from) most[at] = 0;
  for (let round = 0; round <= locations.length; round += 1) {
    let grew = false;
    const goes = (at: number, target: number, count: number): void => {
      const sum = (most[at] ?? 0) + count;
      if (sum <= (most[target] ?? 0)) return;
      most[target] = sum;
      grew = true;
    };
    for (const [at, { choices }] of locations.entries()) {
      for (const choice of choices) if (!takes(choice)) goes(at, choice.target, countPuts(choice, queue));
      for (const target of robbedAt(graph, at)) goes(at, target, 0);
    }
    if (!grew) return most.reduce((left, right) => Math.max(left, right), 0);
  }
  return Number.POSITIVE_INFINITY;
}

function countPuts({ act }: Choice, queue: string): number {
  return act.do === 'put' && act.queue === queue ? (act.count ?? 1) : 0;
}
