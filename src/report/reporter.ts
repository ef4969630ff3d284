import type { RunEvent } from '../engine/run-event.ts';

/**
 * A view of a run. It only listens: nothing it does can change the run, and what `chooseReporter`
 * gives never throws.
 */
export interface Reporter {
  /** So many of the last lines are all that it shows of what a process writes at once: it may be given no others. null shows every line. */
  readonly lastLines: number | null;
  /** Takes the next event; events come in the order of the run. */
  handle(event: RunEvent): void;
  /** Puts lines of mpctl itself on standard error, between what the view writes. */
  print(lines: string): void;
  /**
   * Resolves when everything is written, the closing summary included; call it once, after the last
   * event.
   */
  finish(): Promise<void>;
}

/** Where a view writes, and what the place can show. */
export interface ReportTarget {
  /** Standard output. */
  write(text: string): void;
  /** Standard error. */
  writeError(text: string): void;
  /** Width in cells; read again for every frame, since a window changes. */
  readonly columns: number;
  /** Height in lines; read again for every frame. */
  readonly rows: number;
  /** Standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Colours are wanted. */
  readonly color: boolean;
  /** Wall clock, for timestamps and running times. */
  now(): Date;
}
