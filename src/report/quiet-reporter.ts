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

type OutputEvent = Extract<RunEvent, { readonly type: 'output' }>;

/** So many of the last lines of what failed are shown; the log files have all of them. */
const shownLines = 50;

/**
 * Nothing but trouble: warnings on standard error; the last lines of every instance and, of its last attempt, task whose
 * failure counts, on standard output; and the closing summary, of a success only what was skipped
 * or spared. A run in which everything has succeeded writes nothing at all.
 */
export class QuietReporter implements Reporter {
  /** One more tells that there were earlier ones. */
  readonly lastLines = shownLines + 1;
  readonly #target: ReportTarget;
  readonly #options: QuietOptions;
  readonly #record = new RunRecord();
  readonly #remarks: Remarks;
  readonly #lines: RunLines;
  readonly #slots = new SlotTasks();
  /** Most of them are never shown, and so not made into text before that. */
  readonly #kept = new Map<string, OutputEvent[]>();

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
        this.#keep(event);
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

  #keep(event: OutputEvent): void {
    this.#lines.begin(event.at);
    const kept = this.#kept.get(event.instance);
    if (kept === undefined) this.#kept.set(event.instance, [event]);
    else kept.push(event);
    // Cut in large pieces, since taking off the first element of a list costs its whole length.
    if (kept !== undefined && kept.length >= 4 * shownLines) this.#kept.set(event.instance, kept.slice(-this.lastLines));
  }

  #tell(event: RunEvent, source: string | null): void {
    const remarks = this.#remarks
      .on(event)
      .map((remark) => this.#lines.remark(event.at, remark));
    const kept = source === null ? [] : (this.#kept.get(source) ?? []);
    const lines = kept.slice(-shownLines).map((line) => this.#lines.output(line));
    const { dim } = createStyle(this.#target.color);
    const cut = kept.length > shownLines ? [`${dim('… earlier lines are in the log …')}\n`] : [];
    this.#target.write([...remarks, ...cut, ...lines].join(''));
  }
}
