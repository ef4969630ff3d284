import { setTimeout as delay } from 'node:timers/promises';

/** What every time bound of the suite is multiplied by: the machine does other things as well. */
const loadFactor = 5;
const lookEveryMs = 5;

/** A bound on an idle machine, as it holds on a loaded one; in ms. */
export function withinLoad(ms: number): number {
  return ms * loadFactor;
}

/** How long something took that was waited for, in ms. */
export interface Waited<T> {
  readonly value: T;
  readonly tookMs: number;
}

/**
 * Looks until there is something, and gives it with the time that took.
 *
 * @param look null while there is nothing yet
 * @param wanted what there should be, for the message of whoever waits in vain
 * @param boundMs on an idle machine
 */
export async function until<T>(look: () => T | null, wanted: string | (() => string), boundMs = 10_000): Promise<Waited<T>> {
  const begun = performance.now();
  for (;;) {
    const value = look();
    const tookMs = performance.now() - begun;
    if (value !== null) return { value, tookMs };
    if (tookMs > withinLoad(boundMs)) {
      throw new Error(`after ${String(Math.round(tookMs))} ms not there: ${typeof wanted === 'string' ? wanted : wanted()}`);
    }
    await delay(lookEveryMs);
  }
}

/** The same for a condition; gives how long it took, in ms. */
export async function untilTrue(holds: () => boolean, wanted: string | (() => string), boundMs?: number): Promise<number> {
  const { tookMs } = await until(() => (holds() ? true : null), wanted, boundMs);
  return tookMs;
}
