import type { ActorGraph } from './find-locations.ts';
import { longestWay } from './longest-way.ts';
import type { Resource } from './model.ts';

type Queue = Extract<Resource, { kind: 'queue' }>;

/** How many items of a queue are told apart. */
export interface QueueBound {
  readonly most: number;
  /** `most` stands for that many or more: whoever gets one may leave as many behind. */
  readonly saturates: boolean;
}

/** Where more than `maxCounted` items may come into an unbounded queue, so many are told apart. */
export const toldApart = 3;
/** More items than this in an unbounded queue are not counted. */
export const maxCounted = 16;

/**
 * A bounded queue is counted exactly, and so is one into which only a little is ever put.
 *
 * @param again whom others may start, and so again
 * @param counted queues of which each item is told apart, and how many there ever are
 */
export function boundOf(queue: Queue, graphs: readonly ActorGraph[], again: ReadonlySet<string>, counted: ReadonlyMap<string, number>): QueueBound {
  const all = queue.capacity === null ? counted.get(queue.name) : undefined;
  if (all !== undefined) return { most: all, saturates: false };
  const puts = graphs.reduce((sum, graph) => sum + mostPuts(graph, queue.name, again.has(graph.name)), queue.items);
  // What comes back from whoever has died may be more than the queue takes.
  if (queue.capacity !== null) return { most: Math.min(puts, Math.max(queue.capacity, queue.items) + (queue.redelivers ? maxCounted : 0)), saturates: false };
  return puts <= maxCounted ? { most: puts, saturates: false } : { most: toldApart, saturates: true };
}

/** The longest way through an actor, counted in puts; without end where a loop puts. */
function mostPuts(graph: ActorGraph, queue: string, isDoneAgain: boolean): number {
  return longestWay(graph, ({ act }) => (act.do === 'put' && act.queue === queue ? (act.count ?? 1) : 0), isDoneAgain);
}
