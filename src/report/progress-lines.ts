import type { RunEvent } from '../engine/run-event.ts';
import { describeProgress } from './pool-progress.ts';
import type { RunRecord } from './run-record.ts';

/** A pool that is over sooner needs no line, in ms. */
const firstAfterMs = 2000;
/** No line follows another of its pool sooner, in ms. */
const leastGapMs = 10_000;
/** Where less than a tenth was done since the last line, the next one waits so long, in ms. */
const mostGapMs = 60_000;
const share = 0.1;

/**
 * Now and then how far each pool is, for logs that nobody watches while they grow: not what a short pool
 * is through with at once, and of a long one a line a tenth or a minute.
 */
export class ProgressLines {
  readonly #record: RunRecord;
  readonly #told = new Map<string, { readonly atMs: number; readonly done: number }>();

  /** @param record the same run, which has already taken each event that is given here */
  constructor(record: RunRecord) {
    this.#record = record;
  }

  /** What is to be said on an event; mostly nothing. */
  on(event: RunEvent): readonly string[] {
    if (event.type === 'pool.started') this.#told.delete(event.pool);
    if (event.type !== 'pool.progress') return [];
    const pool = this.#record.pools.get(event.pool);
    if (pool === undefined || pool.startedAtMs === null || this.#record.isStopping || pool.done === pool.total) return [];
    if (event.at - pool.startedAtMs < firstAfterMs || !this.#isDue(event.pool, event.at, pool.done, pool.total)) return [];
    this.#told.set(event.pool, { atMs: event.at, done: pool.done });
    return [`\`${event.pool}\`: ${describeProgress(pool, pool.pace, event.at)}`];
  }

  #isDue(name: string, atMs: number, done: number, total: number | null): boolean {
    const told = this.#told.get(name);
    if (told === undefined) return true;
    const gapMs = atMs - told.atMs;
    if (gapMs < leastGapMs) return false;
    return gapMs >= mostGapMs || (total !== null && done - told.done >= share * total);
  }
}
