import type { RunEvent } from '../engine/run-event.ts';
import { type ClosingOptions, writeClosing } from './write-closing.ts';
import { ProgressLines } from './progress-lines.ts';
import { Remarks } from './remarks.ts';
import type { Reporter, ReportTarget } from './reporter.ts';
import { RunRecord } from './run-record.ts';
import { RunLines } from './run-lines.ts';

/** How lines and remarks are shown, besides what the target can do. */
export interface PlainOptions extends ClosingOptions {
  readonly timestamps: boolean;
}

/**
 * Lines as they come, `[name] text`: what workers write to standard output goes to standard output,
 * what they write to standard error and mpctl's own remarks go to standard error, the closing
 * summary to standard output.
 */
export class PlainReporter implements Reporter {
  readonly lastLines = null;
  readonly #target: ReportTarget;
  readonly #options: PlainOptions;
  readonly #record = new RunRecord();
  readonly #remarks: Remarks;
  readonly #progress: ProgressLines;
  readonly #lines: RunLines;

  constructor(target: ReportTarget, options: PlainOptions) {
    this.#target = target;
    this.#options = options;
    this.#progress = new ProgressLines(this.#record);
    this.#remarks = new Remarks(this.#record, 'life_and_trouble');
    this.#lines = new RunLines(target, { timestamps: options.timestamps, names: true }, this.#record);
  }

  handle(event: RunEvent): void {
    this.#record.handle(event);
    if (event.type === 'output') {
      const line = this.#lines.output(event);
      if (event.stream === 'stdout') this.#target.write(line);
      else this.#target.writeError(line);
      return;
    }
    for (const remark of [...this.#remarks.on(event), ...this.#progress.on(event)])
      this.#target.writeError(this.#lines.remark(event.at, remark));
  }

  print(lines: string): void {
    this.#target.writeError(lines);
  }

  async finish(): Promise<void> {
    await writeClosing(this.#record, this.#target, this.#options);
  }
}
