import { writeSync } from 'node:fs';
import { progressBar, type Progress } from '../../src/jobs/progress-bar.ts';
import type { JobView } from '../../src/runtime/jobs/job-run.ts';
import { monotonicMs } from '../../src/runtime/monotonic-ms.ts';

const standardError = 2;
const drawEveryMs = 100;
const eraseLine = '\r\u001B[2K';

/** Shows nothing. */
export const noView: JobView = { changed: () => {}, hide: () => {}, show: () => {} };

/** The terminal on standard error. */
export interface BarTerminal {
  readonly columns: number;
  readonly color: boolean;
}

/** The line at the bottom of the terminal that says how far the pool is. */
export class BarView implements JobView {
  readonly #terminal: BarTerminal;
  readonly #begunMs = monotonicMs();
  #progress: Omit<Progress, 'elapsedMs'> = { done: 0, failed: 0, total: null };
  #drawnMs = Number.NEGATIVE_INFINITY;
  #isShown = false;
  readonly #timer: NodeJS.Timeout;

  constructor(terminal: BarTerminal) {
    this.#terminal = terminal;
    this.#timer = setInterval(() => this.#draw(), drawEveryMs).unref();
  }

  changed(progress: Omit<Progress, 'elapsedMs'>): void {
    this.#progress = progress;
    if (monotonicMs() - this.#drawnMs >= drawEveryMs) this.#draw();
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
    const nowMs = monotonicMs();
    // What a job writes is not to begin behind the bar.
    if (this.#drawnMs === Number.POSITIVE_INFINITY) return;
    this.#drawnMs = nowMs;
    const { columns, color } = this.#terminal;
    write(`${eraseLine}${progressBar({ ...this.#progress, elapsedMs: nowMs - this.#begunMs }, columns, color)}`);
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
