/** A `log_line` probe under way. */
interface LineWatch {
  readonly probe: number;
  readonly pattern: RegExp;
}

/** The `log_line` probes of a run, by the instance whose lines they look at; each is answered once. */
export class LineWatches {
  readonly #watches = new Map<string, LineWatch>();
  readonly #found: (probe: number) => void;

  /** @param found hears of the first line that matches */
  constructor(found: (probe: number) => void) {
    this.#found = found;
  }

  watch(instance: string, probe: number, pattern: string): void {
    this.#watches.set(instance, { probe, pattern: new RegExp(pattern, 'u') });
  }

  /** Nobody waits for a line of this instance any more. */
  unwatch(probe: number): void {
    for (const [instance, watch] of this.#watches) if (watch.probe === probe) this.#watches.delete(instance);
  }

  /** Whether the lines of the instance are looked at. */
  has(instance: string): boolean {
    return this.#watches.has(instance);
  }

  /** The instance has written a line. */
  look(instance: string, line: string): void {
    const watch = this.#watches.get(instance);
    if (watch?.pattern.test(line) !== true) return;
    this.#watches.delete(instance);
    this.#found(watch.probe);
  }
}
