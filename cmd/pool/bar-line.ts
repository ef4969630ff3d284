import { describeProgress, type PoolPace, type PoolProgress, progressBar } from '../../src/report/pool-progress.ts';

const mostCells = 30;
const leastCells = 8;
/** What the figures take at most. */
const figureCells = 62;

/** The terminal that the line is for. */
export interface BarTerminal {
  readonly columns: number;
  readonly color: boolean;
}

/** One line, without its end: a bar where the total is known and there is room, and how far the pool is, failures first. */
export function barLine(progress: PoolProgress, pace: PoolPace, nowMs: number, { columns, color }: BarTerminal): string {
  const cells = Math.min(mostCells, columns - figureCells);
  const bar = cells < leastCells ? '' : progressBar(progress, cells);
  // The last column stays free, or the terminal would begin a new line.
  const text = `${bar}${bar === '' ? '' : '  '}${describeProgress(progress, pace, nowMs)}`.slice(0, Math.max(0, columns - 1));
  return color && progress.failed > 0 ? text.replace(/\d+ failed/u, '\u001B[31m$&\u001B[39m') : text;
}
