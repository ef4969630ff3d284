import { ShortLivedMap } from '../base/short-lived-map.ts';
import type { SpawnOrder } from '../engine/effect.ts';
import type { ProcessKey } from '../engine/engine-event.ts';

/** So many processes are started before timers, signals and streams get their turn. */
const startsPerTurn = 4;

/** What is started, and the key of its attempt; null where there is no door. */
export interface KeyedOrder {
  readonly order: SpawnOrder;
  readonly authkey: string | null;
}

/**
 * Processes that are to be started, in one of the next turns, in this order. Were each started at once, a process
 * that ends quickly and lets the next one start would keep the event loop at its children: output and
 * Ctrl-C would wait until the last of thousands had ended.
 */
export class SpawnQueue {
  readonly #start: (keyed: KeyedOrder) => void;
  readonly #orders = new ShortLivedMap<ProcessKey, KeyedOrder>();
  #isDue = false;

  constructor(start: (keyed: KeyedOrder) => void) {
    this.#start = start;
  }

  add(keyed: KeyedOrder): void {
    this.#orders.set(keyed.order.key, keyed);
    this.#startSoon();
  }

  /** Whether it was still to be started, and is not now. */
  remove(key: ProcessKey): boolean {
    return this.#orders.delete(key);
  }

  #startSoon(): void {
    if (this.#isDue || this.#orders.size === 0) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      let started = 0;
      for (const keyed of this.#orders.values()) {
        if (started === startsPerTurn) break;
        this.#orders.delete(keyed.order.key);
        this.#start(keyed);
        started += 1;
      }
      this.#startSoon();
    });
  }
}
