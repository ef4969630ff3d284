import { formatDuration } from './format-duration.ts';

/** The rate is that of so long, in ms, and of so many tasks at least: one that is slow has fewer of them in it. */
const windowMs = 10_000;
const windowTasks = 16;
/** Counts that follow each other closer than this make one sample, in ms. */
const sampleEveryMs = 100;
const barCells = 12;

/** How many were done at a moment. */
interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/**
 * How fast tasks end, from counts at moments of any clock: over the last seconds, or as long as it took
 * for a few tasks to end. What ends in bunches is not taken to have come to a stop between two of them.
 */
export class PoolPace {
  #samples: Sample[] = [];

  /** Takes how many tasks have ended by now, without those that did not have to run; first at the start, with none. */
  note(atMs: number, done: number): void {
    const before = this.#samples.at(-2);
    if (before !== undefined && atMs - before.atMs < sampleEveryMs) {
      this.#samples[this.#samples.length - 1] = { atMs, done };
      return;
    }
    this.#samples.push({ atMs, done });
    // The first sample is the last one from which the window is full.
    const isFullFrom = ({ atMs: from, done: then }: Sample): boolean => atMs - from >= windowMs && done - then >= windowTasks;
    const start = this.#samples.findLastIndex(isFullFrom);
    if (start > 0) this.#samples.splice(0, start);
  }

  /** Tasks a second; null as long as none has ended. */
  perSecond(nowMs: number): number | null {
    const perMs = this.#perMs(nowMs);
    return perMs === null ? null : perMs * 1000;
  }

  /** How long so many tasks will still take, in ms; null as long as none has ended. */
  leftMs(nowMs: number, remaining: number): number | null {
    const perMs = this.#perMs(nowMs);
    if (perMs === null) return null;
    return Math.max(0, remaining / perMs - this.#expectedWaitMs(nowMs));
  }

  #perMs(nowMs: number): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined) return null;
    const done = last.done - first.done;
    const overdueMs = nowMs - last.atMs - this.#expectedWaitMs(nowMs);
    const elapsedMs = last.atMs - first.atMs + overdueMs;
    return done <= 0 || elapsedMs <= 0 ? null : done / elapsedMs;
  }

  /** Of the time since the last end, what is no longer than the longest pause before it. */
  #expectedWaitMs(nowMs: number): number {
    const lastMs = this.#samples.at(-1)?.atMs ?? nowMs;
    const longestMs = this.#samples.reduce((most, { atMs }, index) => Math.max(most, atMs - (this.#samples[index - 1]?.atMs ?? atMs)), 0);
    return Math.min(Math.max(0, nowMs - lastMs), longestMs);
  }
}

/** How far a pool is. */
export interface PoolProgress {
  /** Those that did not have to run included. */
  readonly done: number;
  readonly failed: number;
  readonly running: number;
  /** null while it is not known. */
  readonly total: number | null;
  /** Of those that are done, how many had succeeded in an earlier run, and how many were not to run. */
  readonly skipped: number;
  readonly leftOut: number;
}

/** `2 failed, 40/100 done, 4 running, 12/s, 5.0 s left`: what went wrong comes first, and no estimate without a total. */
export function describeProgress(progress: PoolProgress, pace: PoolPace, nowMs: number): string {
  const { done, failed, running, total } = progress;
  const parts = [`${countsOf(progress)} done${describeSkipped(progress)}`, `${running} running`];
  if (failed > 0) parts.unshift(`${failed} failed`);
  const perSecond = pace.perSecond(nowMs);
  if (perSecond !== null) parts.push(`${formatRate(perSecond)}/s`);
  const leftMs = total === null || total <= done ? null : pace.leftMs(nowMs, total - done);
  if (leftMs !== null) parts.push(`${formatDuration(leftMs)} left`);
  return parts.join(', ');
}

/** `40/100`, or `40` while the total is not known. */
export function countsOf({ done, total }: Pick<PoolProgress, 'done' | 'total'>): string {
  return `${done}${total === null ? '' : `/${total}`}`;
}

function describeSkipped({ skipped, leftOut }: PoolProgress): string {
  const parts = [...(skipped > 0 ? [`${skipped} before`] : []), ...(leftOut > 0 ? [`${leftOut} left out`] : [])];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** A bar of block characters; empty while the total is not known. */
export function progressBar({ done, total }: Pick<PoolProgress, 'done' | 'total'>, cells = barCells): string {
  if (total === null || total === 0) return '';
  const full = Math.min(cells, Math.floor((done / total) * cells));
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)}`;
}

function formatRate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond));
}
