import { Listr, type ListrTask } from 'listr2';

import { present } from '../../base/invariant.ts';
import type { EndState, RunEvent } from '../../engine/run-event.ts';
import { createStyle } from '../create-style.ts';
import { Remarks } from '../remarks.ts';
import type { Reporter, ReportTarget } from '../reporter.ts';
import { RunRecord } from '../run-record.ts';
import { TextRuler } from '../text-ruler.ts';
import { RunLines } from '../run-lines.ts';
import { type ClosingOptions, writeClosing } from '../write-closing.ts';
import { describeInstance, describePool, type LiveRow } from './describe-row.ts';
import { describeStatus } from './describe-status.ts';
import { LiveRenderer } from './live-renderer.ts';
import { Screen } from './screen.ts';

/** How lines are shown, besides what the target can do. */
export interface LiveOptions extends ClosingOptions {
  readonly timestamps: boolean;
}

/** A task as listr2 takes it. */
type ViewTask = ListrTask<unknown, typeof LiveRenderer>;

/** How a task of the view ends; `over` is whatever the run left open. */
type TaskEnd = { readonly state: EndState | 'over'; readonly why: string };

/**
 * The view for a terminal: a row for every instance and pool at the lower end, the lines of the
 * workers and mpctl's remarks on trouble above it, the closing summary at the end. listr2 keeps the
 * tasks, one for each row, which does nothing but wait for the end that the events tell. If a frame
 * cannot be drawn, only lines are written from then on, and every call throws why.
 */
export class LiveReporter implements Reporter {
  readonly lastLines = null;
  readonly #target: ReportTarget;
  readonly #options: LiveOptions;
  readonly #record = new RunRecord();
  readonly #remarks: Remarks;
  readonly #lines: RunLines;
  readonly #ruler = new TextRuler();
  readonly #screen: Screen;
  readonly #settle = new Map<string, (end: TaskEnd) => void>();
  #view: Promise<unknown> = Promise.resolve();
  #fault: Error | null = null;
  #lastEvent = { atMs: 0, wallMs: 0 };

  constructor(target: ReportTarget, options: LiveOptions) {
    this.#target = target;
    this.#options = options;
    this.#remarks = new Remarks(this.#record, 'trouble');
    this.#lines = new RunLines(target, { timestamps: options.timestamps, names: true }, this.#record);
    this.#screen = new Screen(target, this.#ruler);
  }

  handle(event: RunEvent): void {
    this.#lastEvent = { atMs: event.at, wallMs: this.#target.now().getTime() };
    this.#record.handle(event);
    switch (event.type) {
      case 'run.started':
        this.#begin();
        break;
      case 'output':
        this.#screen.print(event.stream, this.#lines.output(event));
        break;
      case 'instance.ended':
        this.#settle.get(event.instance)?.(event);
        break;
      case 'pool.ended':
        this.#settle.get(event.pool)?.(event);
        break;
      default:
    }
    for (const remark of this.#remarks.on(event))
      this.#screen.print('stderr', this.#lines.remark(event.at, remark));
    // Below what stands there the shell writes next: it is not to be erased later.
    if (event.type === 'run.suspended') this.#screen.draw([]);
    if (this.#fault !== null) {
      // Without frames nothing else would write the lines that wait for the next one.
      this.#screen.draw([]);
      throw this.#fault;
    }
  }

  print(lines: string): void {
    this.#screen.print('stderr', lines);
  }

  async finish(): Promise<void> {
    for (const settle of this.#settle.values()) settle({ state: 'over', why: '' });
    await this.#view;
    this.#screen.draw([]);
    await writeClosing(this.#record, this.#target, this.#options);
  }

  #keepFault(cause: unknown): void {
    this.#fault = new Error('the live view cannot be drawn', { cause });
  }

  #begin(): void {
    const names = [...this.#record.instances.keys(), ...this.#record.pools.keys()];
    const listr = new Listr<unknown, typeof LiveRenderer, 'silent'>(
      names.map((name) => this.#task(name)),
      {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        renderer: LiveRenderer,
        rendererOptions: {
          screen: this.#screen,
          target: this.#target,
          style: createStyle(this.#target.color),
          ruler: this.#ruler,
          row: (name) => this.#row(name),
          statusLine: (rows) => describeStatus(rows, this.#record, this.#nowMs()),
          onFault: (error) => this.#keepFault(error),
        },
        fallbackRenderer: 'silent',
      },
    );
    this.#view = listr.run().catch((error: unknown) => this.#keepFault(error));
  }

  #task(name: string): ViewTask {
    const ended = new Promise<TaskEnd>((resolve) => {
      this.#settle.set(name, resolve);
    });
    return {
      title: name,
      task: async (_context, task) => {
        const end = await ended;
        if (end.state === 'failed') throw new Error(end.why);
        if (end.state === 'skipped' || end.state === 'stopped') task.skip(end.why);
      },
    };
  }

  #row(name: string): LiveRow {
    const instance = this.#record.instances.get(name);
    if (instance !== undefined)
      return describeInstance(instance, this.#nowMs(), killAtMs(this.#record));
    return describePool(
      present(this.#record.pools.get(name), 'every row is of an instance or a pool'),
      this.#nowMs(),
      killAtMs(this.#record),
    );
  }

  #nowMs(): number {
    return this.#lastEvent.atMs + (this.#target.now().getTime() - this.#lastEvent.wallMs);
  }
}

function killAtMs({ signal }: RunRecord): number | null {
  return signal === null || signal.killInMs === null ? null : signal.at + signal.killInMs;
}
