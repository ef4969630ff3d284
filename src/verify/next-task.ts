import type { ScheduledOperation } from '../schedule/schedule.ts';
import type { ActorGraph } from './find-locations.ts';
import type { Choice } from './location.ts';

type Slot = Pick<ActorGraph, 'name' | 'ofPool' | 'locations'>;

/** Whether a slot of a pool waits here for its next task. */
export function waitsForTask({ ofPool, locations }: Slot, from: number): boolean {
  return ofPool === 'slot' && locations[from]?.choices.some(({ act }) => act.do === 'find_end' && act.queues.some(isOfTasks)) === true;
}

/**
 * What a slot does about its next task, as it has turns in a run: the pool gets it from its queue, where it comes from one, and the
 * slot takes it.
 */
export function nextTaskOf(slot: Slot, from: number, { act }: Choice): readonly ScheduledOperation[] {
  if (!waitsForTask(slot, from) || (act.do !== 'get' && act.do !== 'find_end')) return [];
  const { name } = slot;
  const queues = (act.do === 'get' ? [act.queue] : act.queues).filter((queue) => !isOfTasks(queue));
  const gets = queues.length === 0 ? [] : [{ instance: poolOf(name), op: 'get', on: queues, outcome: act.do === 'get' ? 'done' : 'ends' } as const];
  return act.do === 'get' && act.taskOf !== undefined ? [...gets, { instance: name, op: 'take', on: [act.taskOf.pool], outcome: 'done' }] : gets;
}

/** Whether tasks of a pool that are its own, or were submitted, come into a queue. */
export function isOfTasks(queue: string): boolean {
  return queue.startsWith('.tasks.');
}

/** The pool of a slot. */
export function poolOf(slot: string): string {
  return slot.replace(/-\d+$/u, '');
}
