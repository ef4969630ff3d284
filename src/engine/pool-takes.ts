import type { PoolState } from './unit-state.ts';

/** Whether it may get tasks that it has not yet. */
export function takesTasks(pool: PoolState): boolean {
  return pool.getRequest !== null || takesSubmitted(pool);
}

/** Whatever is submitted waits for a slot. */
export function takesSubmitted({ submitOpen, freeSlots }: PoolState): boolean {
  return submitOpen && freeSlots.length > 0;
}
