import type { SlotTask } from './slot-task.ts';

/** Looks at running commands now and then, until their output is watched. */
export class SlotLooks {
  readonly #intervalMs: number;
  /** By their slots, of which there are few; null for one whose command is not looked at. */
  readonly #tasks = new Map<string, SlotTask | null>();
  #timer: NodeJS.Timeout | null = null;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  add(slot: string, task: SlotTask): void {
    this.#tasks.set(slot, task);
    this.#timer ??= setInterval(() => this.#look(), this.#intervalMs);
  }

  delete(slot: string, task: SlotTask): void {
    if (this.#tasks.get(slot) === task) this.#tasks.set(slot, null);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    let isLooking = false;
    for (const [slot, task] of this.#tasks) {
      if (task?.look() === true) isLooking = true;
      else if (task !== null) this.#tasks.set(slot, null);
    }
    if (!isLooking) this.close();
  }
}
