import { resultQueue, taskQueue } from './compile/compile-context.ts';
import type { ActorGraph } from './find-locations.ts';
import { poolOf } from './next-task.ts';

/**
 * Whether a queue is one between a pool and its own slots: each life of the pool has such streams of its own, and they are at their end
 * within that life, whoever may start the pool again.
 */
export function isOwnStream({ name, ofPool }: Pick<ActorGraph, 'name' | 'ofPool'>, queue: string): boolean {
  if (ofPool === null) return false;
  const pool = ofPool === 'pool' ? name : poolOf(name);
  return queue === taskQueue(pool) || queue === resultQueue(pool);
}
