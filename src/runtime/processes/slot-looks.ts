import type { SlotTask } from './slot-task.ts';

/** Looks at running commands now and then, until their output is watched. */
export class SlotLooks {
  readonly #intervalMs: number;
  readonly #tasks = new Set<SlotTask>();
  #timer: NodeJS.Timeout | null = null;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  add(task: SlotTask): void {
    this.#tasks.add(task);
    this.#timer ??= setInterval(() => this.#look(), this.#intervalMs);
  }

  delete(task: SlotTask): void {
    this.#tasks.delete(task);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    for (const task of this.#tasks) if (!task.look()) this.#tasks.delete(task);
    if (this.#tasks.size === 0) this.close();
  }
}
