import type { RunEvent } from '../engine/run-event.ts';

/** One slot of a pool. */
interface Slot {
  /** Made once: thousands of attempts begin and end there. */
  readonly name: string;
  task: number | null;
}

/**
 * Which task each slot of each pool runs, so that the lines of a slot are known to be those of one attempt:
 * a task that ends between two attempts ends while the slot may run another.
 */
export class SlotTasks {
  /** By pool and worker. */
  readonly #slots = new Map<string, Map<number, Slot>>();

  /** Takes the next event; the slot that an attempt has just left, with all its lines, or null. */
  leftBy(event: RunEvent): string | null {
    switch (event.type) {
      case 'task.started':
        this.#slotOf(event.pool, event.worker).task = event.task;
        return null;
      case 'task.retrying':
      case 'task.ended': {
        if (event.worker === null) return null;
        const slot = this.#slotOf(event.pool, event.worker);
        if (slot.task !== event.task) return null;
        slot.task = null;
        return slot.name;
      }
      default:
        return null;
    }
  }

  #slotOf(pool: string, worker: number): Slot {
    let slots = this.#slots.get(pool);
    if (slots === undefined) {
      slots = new Map();
      this.#slots.set(pool, slots);
    }
    let slot = slots.get(worker);
    if (slot === undefined) {
      slot = { name: `${pool}-${worker}`, task: null };
      slots.set(worker, slot);
    }
    return slot;
  }
}
