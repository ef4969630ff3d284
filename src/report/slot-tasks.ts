import type { RunEvent } from '../engine/run-event.ts';

/**
 * Which task each slot of each pool runs, so that the lines of a slot are known to be those of one attempt:
 * a task that ends between two attempts ends while the slot may run another.
 */
export class SlotTasks {
  readonly #tasks = new Map<string, number>();

  /** Takes the next event; the slot that an attempt has just left, with all its lines, or null. */
  leftBy(event: RunEvent): string | null {
    switch (event.type) {
      case 'task.started':
        this.#tasks.set(slotOf(event.pool, event.worker), event.task);
        return null;
      case 'task.retrying':
      case 'task.ended': {
        if (event.worker === null) return null;
        const slot = slotOf(event.pool, event.worker);
        if (this.#tasks.get(slot) !== event.task) return null;
        this.#tasks.delete(slot);
        return slot;
      }
      default:
        return null;
    }
  }
}

function slotOf(pool: string, worker: number): string {
  return `${pool}-${worker}`;
}
