import type { Place } from '../base/place.ts';
import type { ActorWorld } from './actor-world.ts';

/** An actor that puts into a queue after it has met its end. */
export interface ReopenedQueue {
  readonly actor: string;
  readonly queue: string;
  readonly place: Place;
}

/**
 * Queues of which somebody met the end who may put into them later: of all who may, he and others only waited for their next item. Such
 * an end lasts, while that of any other queue can be told from who can still put. A run tells it to all who wait there at once; in the
 * model they come to know it one after the other, and may get what has been put meanwhile.
 */
export function reopenedQueues({ graphs, may }: ActorWorld): readonly ReopenedQueue[] {
  return graphs.flatMap((graph, actor) => {
    const found = new Map<string, ReopenedQueue>();
    for (const [from, { choices }] of graph.locations.entries()) {
      for (const { act, target, place } of choices) {
        if (act.do !== 'find_end') continue;
        for (const queue of act.queues) {
          const isReopened = may.deeds.get(`put:${queue}`)?.some((doer) => doer.actor === actor && doer.onlyGets[from] === 1 && doer.can[target] === 1) === true;
          if (isReopened && !found.has(queue)) found.set(queue, { actor: graph.name, queue, place });
        }
      }
    }
    return [...found.values()];
  });
}
