import type { RunEvent } from '../engine/run-event.ts';
import { describeTask } from '../base/describe-task.ts';
import { bareLine } from './bare-text.ts';
import { createStyle, type Style } from './create-style.ts';
import { formatDuration } from './format-duration.ts';
import { escapeData } from './github-annotations.ts';
import { ProgressLines } from './progress-lines.ts';
import { Remarks } from './remarks.ts';
import type { Reporter, ReportTarget } from './reporter.ts';
import { RunRecord } from './run-record.ts';
import { SlotTasks } from './slot-tasks.ts';
import { RunLines } from './run-lines.ts';
import { type ClosingOptions, writeClosing } from './write-closing.ts';

/** How lines and blocks are shown, besides what the target can do. */
export interface GroupedOptions extends ClosingOptions {
  readonly timestamps: boolean;
}

/**
 * All output of an instance in one block on standard output when it has ended, of a pool one block
 * an attempt of a task; both streams in the order in which they came. What is still open when the run ends
 * follows then. A block is kept in memory until it is written. On GitHub a block is a group that
 * folds.
 */
export class GroupedReporter implements Reporter {
  readonly lastLines = null;
  readonly #target: ReportTarget;
  readonly #options: GroupedOptions;
  readonly #style: Style;
  readonly #record = new RunRecord();
  readonly #remarks: Remarks;
  readonly #progress: ProgressLines;
  readonly #lines: RunLines;
  readonly #slots = new SlotTasks();
  readonly #open = new Map<string, string[]>();

  constructor(target: ReportTarget, options: GroupedOptions) {
    this.#target = target;
    this.#options = options;
    this.#style = createStyle(target.color);
    this.#progress = new ProgressLines(this.#record);
    this.#remarks = new Remarks(this.#record, 'trouble');
    this.#lines = new RunLines(target, { timestamps: options.timestamps, names: false }, this.#record);
  }

  handle(event: RunEvent): void {
    this.#record.handle(event);
    const left = this.#slots.leftBy(event);
    switch (event.type) {
      case 'output':
        this.#collect(event.instance, this.#lines.output(event));
        return;
      case 'instance.ended':
        if (this.#record.instances.has(event.instance)) {
          const state = event.allowed ? `${event.state} (allowed)` : event.state;
          this.#close(event.instance, event.instance, endWords(state, event.why, event.durationMs));
        }
        break;
      case 'task.ended':
      case 'task.retrying':
        if (left !== null) {
          const title = `${event.pool}, ${describeTask(event.task, event.item)}`;
          const isOver = event.type === 'task.ended';
          const attempt = isOver ? '' : `, attempt ${event.attempt - 1}`;
          this.#close(left, `${title}${attempt}`, isOver ? endWords(event.fate, event.why, event.durationMs) : `failed: ${event.why}`);
        }
        break;
      default:
    }
    for (const remark of [...this.#remarks.on(event), ...this.#progress.on(event)])
      this.#target.writeError(this.#lines.remark(event.at, remark));
  }

  print(lines: string): void {
    this.#target.writeError(lines);
  }

  async finish(): Promise<void> {
    for (const source of this.#open.keys()) this.#close(source, source, 'has not ended');
    await writeClosing(this.#record, this.#target, this.#options);
  }

  #collect(source: string, line: string): void {
    const lines = this.#open.get(source);
    if (lines === undefined) this.#open.set(source, [line]);
    else lines.push(line);
  }

  #close(source: string, about: string, how: string): void {
    const title = bareLine(about);
    const end = bareLine(how);
    const lines = this.#open.get(source);
    if (lines === undefined) return;
    this.#open.delete(source);
    const text = lines.join('');
    if (this.#options.github) {
      this.#target.write(`::group::${escapeData(`${title} ${end}`)}\n${text}::endgroup::\n`);
      return;
    }
    const paint = this.#style.instance(source);
    this.#target.write(`${paint(`┌─ ${title}`)}\n${text}${paint(`└─ ${title} ${end}`)}\n`);
  }
}

function endWords(state: string, why: string, durationMs: number | null): string {
  const after = durationMs === null ? '' : ` after ${formatDuration(durationMs)}`;
  const because = state === 'succeeded' || why === '' ? '' : `: ${why}`;
  return `${state.replace('_', ' ')}${after}${because}`;
}
