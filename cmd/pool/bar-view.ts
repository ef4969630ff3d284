import { writeSync } from 'node:fs';
import { PoolPace, type PoolProgress } from '../../src/report/pool-progress.ts';
import type { JobView } from '../../src/runtime/jobs/job-run.ts';
import { runningMs } from '../../src/runtime/running-ms.ts';
import { barLine, type BarTerminal } from './bar-line.ts';

const standardError = 2;
const drawEveryMs = 100;
const eraseLine = '\r\u001B[2K';

/** Shows nothing. */
export const noView: JobView = { changed: () => {}, hide: () => {}, show: () => {} };

/** The line at the bottom of the terminal that says how far the pool is. */
export class BarView implements JobView {
  readonly #terminal: BarTerminal;
  readonly #pace = new PoolPace();
  #progress: PoolProgress = { done: 0, failed: 0, running: 0, total: null, skipped: 0, leftOut: 0 };
  #drawnMs = Number.NEGATIVE_INFINITY;
  #isShown = false;
  readonly #timer: NodeJS.Timeout;

  constructor(terminal: BarTerminal) {
    this.#terminal = terminal;
    this.#pace.note(runningMs(), 0);
    this.#timer = setInterval(() => this.#draw(), drawEveryMs).unref();
  }

  changed(counts: Pick<PoolProgress, 'done' | 'failed' | 'running' | 'total'>): void {
    const nowMs = runningMs();
    this.#progress = { ...this.#progress, ...counts };
    this.#pace.note(nowMs, counts.done);
    if (nowMs - this.#drawnMs >= drawEveryMs) this.#draw();
  }

  hide(): void {
    if (this.#isShown) write(eraseLine);
    this.#isShown = false;
    this.#drawnMs = Number.POSITIVE_INFINITY;
  }

  show(): void {
    this.#drawnMs = Number.NEGATIVE_INFINITY;
    this.#draw();
  }

  /** Leaves the last state behind. */
  close(): void {
    clearInterval(this.#timer);
    this.show();
    write('\n');
  }

  #draw(): void {
    const nowMs = runningMs();
    // What a job writes is not to begin behind the bar.
    if (this.#drawnMs === Number.POSITIVE_INFINITY) return;
    this.#drawnMs = nowMs;
    write(`${eraseLine}${barLine(this.#progress, this.#pace, nowMs, this.#terminal)}`);
    this.#isShown = true;
  }
}

function write(text: string): void {
  try {
    writeSync(standardError, text);
  } catch {
    // A terminal that is gone or full misses a moment, and the next one comes.
  }
}
