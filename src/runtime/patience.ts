/** So long at most whoever waits does so for more than the next item, in ms. */
const patienceMs = 1;

/** Ends the patience with what a quick client is to say only now and then: it may have become slow. */
export class Patience {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #end: (queue: string) => void;

  constructor(end: (queue: string) => void) {
    this.#end = end;
  }

  /** Somebody waits at a queue for a quick client. */
  begin(queue: string): void {
    if (this.#timers.has(queue)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(queue);
      this.#end(queue);
    }, patienceMs);
    this.#timers.set(queue, timer.unref());
  }
}
