import type { RunEvent } from '../engine/run-event.ts';
import { createStyle } from './create-style.ts';
import { Remarks } from './remarks.ts';
import type { Reporter, ReportTarget } from './reporter.ts';
import { RunRecord } from './run-record.ts';
import { SlotTasks } from './slot-tasks.ts';
import { RunLines } from './run-lines.ts';
import { type ClosingOptions, writeClosing } from './write-closing.ts';

/** How lines are shown, besides what the target can do. */
export interface QuietOptions extends ClosingOptions {
  readonly timestamps: boolean;
}

/** So many of the last lines of what failed are shown; the log files have all of them. */
const shownLines = 50;

/**
 * Nothing but trouble: warnings on standard error; the last lines of every instance and, of its last attempt, task whose
 * failure counts, on standard output; and the closing summary, of a success only what was skipped
 * or spared. A run in which everything has succeeded writes nothing at all.
 */
export class QuietReporter implements Reporter {
  readonly #target: ReportTarget;
  readonly #options: QuietOptions;
  readonly #record = new RunRecord();
  readonly #remarks: Remarks;
  readonly #lines: RunLines;
  readonly #slots = new SlotTasks();
  readonly #kept = new Map<string, { lines: string[]; dropped: number }>();

  constructor(target: ReportTarget, options: QuietOptions) {
    this.#target = target;
    this.#options = options;
    this.#remarks = new Remarks(this.#record, 'trouble');
    this.#lines = new RunLines(target, { timestamps: options.timestamps, names: true }, this.#record);
  }

  handle(event: RunEvent): void {
    this.#record.handle(event);
    const left = this.#slots.leftBy(event);
    switch (event.type) {
      case 'output':
        this.#keep(event.instance, this.#lines.output(event));
        break;
      case 'instance.ended':
        if (event.state === 'failed' && !event.allowed) this.#tell(event, event.instance);
        this.#kept.delete(event.instance);
        break;
      case 'task.ended':
        if (event.fate !== 'succeeded' && event.fate !== 'cancelled') this.#tell(event, left);
        if (left !== null) this.#kept.delete(left);
        break;
      case 'task.retrying':
        if (left !== null) this.#kept.delete(left);
        break;
      case 'run.deadlock':
        this.#tell(event, null);
        break;
      case 'warning':
        for (const remark of this.#remarks.on(event))
          this.#target.writeError(this.#lines.remark(event.at, remark));
        break;
      default:
    }
  }

  print(lines: string): void {
    this.#target.writeError(lines);
  }

  async finish(): Promise<void> {
    await writeClosing(this.#record, this.#target, { ...this.#options, onlyTrouble: true });
  }

  #keep(source: string, line: string): void {
    let kept = this.#kept.get(source);
    if (kept === undefined) {
      kept = { lines: [], dropped: 0 };
      this.#kept.set(source, kept);
    }
    kept.lines.push(line);
    // Cut in large pieces, since taking off the first element of a list costs its whole length.
    if (kept.lines.length >= 2 * shownLines) {
      kept.dropped += kept.lines.length - shownLines;
      kept.lines = kept.lines.slice(-shownLines);
    }
  }

  #tell(event: RunEvent, source: string | null): void {
    const remarks = this.#remarks
      .on(event)
      .map((remark) => this.#lines.remark(event.at, remark));
    const kept = source === null ? undefined : this.#kept.get(source);
    const lines = kept === undefined ? [] : kept.lines.slice(-shownLines);
    const hidden = kept === undefined ? 0 : kept.dropped + kept.lines.length - lines.length;
    const { dim } = createStyle(this.#target.color);
    const cut =
      hidden === 0 ? [] : [`${dim(`… ${hidden} earlier ${hidden === 1 ? 'line' : 'lines'} …`)}\n`];
    this.#target.write([...remarks, ...cut, ...lines].join(''));
  }
}
