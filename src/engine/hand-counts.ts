/**
 * How many items the program of an instance has in hand until it says `task_done`, told from the outcomes
 * that the engine heard. The broker alone knows which.
 */
export class HandCounts {
  readonly #byInstance = new Map<string, Map<string, number>>();

  took(instance: string, queue: string, count: number): void {
    const hands = this.#byInstance.get(instance) ?? new Map<string, number>();
    this.#byInstance.set(instance, hands);
    hands.set(queue, this.of(instance, queue) + count);
  }

  of(instance: string, queue: string): number {
    return this.#byInstance.get(instance)?.get(queue) ?? 0;
  }

  /** The broker has dropped or given back what it had. */
  ended(instance: string): void {
    this.#byInstance.delete(instance);
  }
}
