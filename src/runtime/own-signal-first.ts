import type { ProcessKey } from '../engine/engine-event.ts';

/** So long mpctl may hear a signal after a process that it was sent to as well has died of it, in ms. */
const longestLaterMs = 100;
/** Those that stop a run. */
const stopping: ReadonlySet<string> = new Set(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM']);

/**
 * Puts the signals of mpctl itself before the ends of processes that have died of the same ones. Ctrl-C goes to
 * everybody in mpctl's process group, and so does what a CI system sends to it: a process that was just started is
 * still in there until setsid(2), and dies of it. Its end may be heard first; it would be the failure of the run, and not the signal.
 */
export class OwnSignalFirst {
  /** What is to be told of processes whose end is held back, in order. */
  readonly #held = new Map<ProcessKey, (() => void)[]>();
  /** Whom mpctl has sent a signal: their ends are no news. */
  readonly #signalled = new Set<ProcessKey>();

  /** Tells the end of a process, at once unless mpctl may be about to hear of the signal that has ended it. */
  exited(key: ProcessKey, signal: string | null, tell: () => void): void {
    if (signal === null || !stopping.has(signal) || this.#signalled.has(key)) {
      tell();
      return;
    }
    this.#held.set(key, [tell]);
    setTimeout(() => this.#release(key), longestLaterMs);
  }

  /** Tells what comes after its end. */
  afterExit(key: ProcessKey, tell: () => void): void {
    this.#signalled.delete(key);
    const held = this.#held.get(key);
    if (held === undefined) tell();
    else held.push(tell);
  }

  /** mpctl has sent the process a signal. */
  sent(key: ProcessKey): void {
    this.#signalled.add(key);
  }

  /** mpctl was sent a signal, and the engine knows it. */
  heard(): void {
    for (const key of [...this.#held.keys()]) this.#release(key);
  }

  #release(key: ProcessKey): void {
    const held = this.#held.get(key) ?? [];
    this.#held.delete(key);
    for (const tell of held) tell();
  }
}
