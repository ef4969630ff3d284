import type { RunEvent } from '../engine/run-event.ts';
import type { ReportTarget } from './reporter.ts';
import { bareText } from './bare-text.ts';
import { createStyle, type Paint, type Style } from './create-style.ts';
import { presentWorkerLine } from './present-worker-line.ts';
import type { RunRecord } from './run-record.ts';

/** In what a remark quotes, such as an exception of several lines: without them words would run together. */
const lineBreaks = /\s*[\n\r]\s*/g;

type OutputEvent = Extract<RunEvent, { readonly type: 'output' }>;

/** Which marks stand before a line. */
export interface LineMarks {
  /** Before every line. */
  readonly timestamps: boolean;
  /** Before every line of a worker. */
  readonly names: boolean;
}

/**
 * Makes whole lines of output events and of mpctl's own remarks, each with its newline. The time of
 * a line is the moment of its event: the wall clock at the first event, and from there the
 * clock of the run with the time for which that stood.
 */
export class RunLines {
  readonly #target: ReportTarget;
  readonly #marks: LineMarks;
  readonly #style: Style;
  readonly #paints = new Map<string, Paint>();
  readonly #record: Pick<RunRecord, 'stoppedMs'>;
  #beganAtMs: number | null = null;

  /** @param record the run, which has already taken the event of each line */
  constructor(target: ReportTarget, marks: LineMarks, record: Pick<RunRecord, 'stoppedMs'>) {
    this.#target = target;
    this.#record = record;
    this.#marks = marks;
    this.#style = createStyle(target.color);
  }

  /** Whoever makes lines later than they come begins to count their time with the first. */
  begin(atMs: number): void {
    if (this.#marks.timestamps) this.#beganAt(atMs);
  }

  #beganAt(atMs: number): number {
    this.#beganAtMs ??= this.#target.now().getTime() - this.#realMs(atMs);
    return this.#beganAtMs;
  }

  /** With the time for which the clock of the run has stood so far. */
  #realMs(atMs: number): number {
    return atMs + this.#record.stoppedMs;
  }

  /** A line of a worker, ready to be written. */
  output(event: OutputEvent): string {
    const text = presentWorkerLine(event.line, this.#target.color);
    return `${this.#time(event.at)}${this.#name(event.instance)}${text}\n`;
  }

  /** A remark of mpctl on something that happened at a moment of the run, ready to be written. */
  remark(atMs: number, text: string): string {
    return `${this.#time(atMs)}mpctl: ${bareText(text.replaceAll(lineBreaks, ' '))}\n`;
  }

  #time(atMs: number): string {
    if (!this.#marks.timestamps) return '';
    return `${this.#style.dim(new Date(this.#beganAt(atMs) + this.#realMs(atMs)).toISOString())} `;
  }

  #name(instance: string): string {
    if (!this.#marks.names) return '';
    let paint = this.#paints.get(instance);
    if (paint === undefined) {
      paint = this.#style.instance(instance);
      this.#paints.set(instance, paint);
    }
    return `${paint(`[${instance}]`)} `;
  }
}
