import type { Json } from '../base/json.ts';
import { listOf, numberOf, textOf } from './answer.ts';
import { fieldOf } from './field-of.ts';

/** Who holds a lock or permits of a semaphore. */
export interface Holder {
  /** Name of the instance. */
  readonly process: string;
  /** Process id and thread within it, or what else the run calls the holder. */
  readonly holder: string;
  readonly permits: number;
  readonly token: number;
}

/** State of a lock or semaphore at one moment. */
export interface Holders {
  /** Permits that are free; of a lock 0 or 1. */
  readonly free: number;
  readonly holders: readonly Holder[];
  /** How many wait. */
  readonly waiting: number;
}

/** Reads the answer of `lock.look` and `semaphore.look`. */
export function readHolders(answer: Json): Holders {
  return {
    free: numberOf(fieldOf(answer, 'free')),
    holders: listOf(fieldOf(answer, 'holders')).map((holder) => ({
      process: textOf(fieldOf(holder, 'process')),
      holder: textOf(fieldOf(holder, 'holder')),
      permits: numberOf(fieldOf(holder, 'permits')),
      token: numberOf(fieldOf(holder, 'token')),
    })),
    waiting: numberOf(fieldOf(answer, 'waiting')),
  };
}
