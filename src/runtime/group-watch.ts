import type { ProcessKey } from '../engine/engine-event.ts';
import type { WorkerHandle } from './processes/worker-handle.ts';

/** How often a group whose leader has gone is looked at, in ms: nothing tells when it is empty. */
const pollMs = 10;

/** Groups that outlived their leader, until nobody of them is alive. */
export class GroupWatch {
  readonly #groups = new Map<ProcessKey, { readonly handle: WorkerHandle; readonly gone: () => void }>();
  #timer: NodeJS.Timeout | null = null;

  /** Calls `gone` once when the group has no living member any more. */
  watch(key: ProcessKey, handle: WorkerHandle, gone: () => void): void {
    this.#groups.set(key, { handle, gone });
    this.#timer ??= setInterval(() => this.#look(), pollMs);
  }

  /** The controls of a group that is being watched. */
  handleOf(key: ProcessKey): WorkerHandle | undefined {
    return this.#groups.get(key)?.handle;
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#groups.clear();
  }

  #look(): void {
    for (const [key, { handle, gone }] of this.#groups) {
      if (handle.groupIsAlive()) continue;
      this.#groups.delete(key);
      gone();
    }
    if (this.#groups.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
