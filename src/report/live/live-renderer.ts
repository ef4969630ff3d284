import { figures, Spinner } from 'listr2';

import { present } from '../../base/invariant.ts';
import type { Style } from '../create-style.ts';
import type { ReportTarget } from '../reporter.ts';
import type { TextRuler } from '../text-ruler.ts';
import type { LiveRow } from './describe-row.ts';
import { type MarkedRow, renderFrame } from './render-frame.ts';
import type { Screen } from './screen.ts';

/** What the view needs besides its tasks. A type, since listr2 wants options to be open records. */
export type LiveRendererOptions = {
  readonly screen: Screen;
  readonly target: ReportTarget;
  readonly style: Style;
  readonly ruler: TextRuler;
  /**
   * What is to be said now of the instance or pool with this name, which is the title of its task.
   */
  readonly row: (name: string) => LiveRow;
  /** The last line of a frame with these rows. */
  readonly statusLine: (rows: readonly LiveRow[]) => string;
  /** Takes what went wrong with a frame; no other is drawn after it. */
  readonly onFault: (error: unknown) => void;
};

/** What is needed of listr2's task object. */
interface LiveTask {
  readonly title?: string;
  hasFailed(): boolean;
  isSkipped(): boolean;
  isCompleted(): boolean;
}

/** Often enough for a spinner, seldom enough for a slow line. */
const frameEveryMs = 100;

/**
 * The renderer behind the live view, through listr2's renderer interface. listr2's own default
 * renderer hides the cursor through a package that listens to signals, shows every task whatever
 * the height of the terminal, and takes the width from the process instead of from the stream it
 * writes to; this one does none of that.
 */
export class LiveRenderer {
  declare static rendererOptions: LiveRendererOptions;
  declare static rendererTaskOptions: Readonly<Record<string, never>>;
  /**
   * Whether there is a terminal has been decided before; listr2 is not to ask the process again.
   */
  static readonly nonTTY = true;

  readonly #tasks: readonly LiveTask[];
  readonly #options: LiveRendererOptions;
  readonly #spinner = new Spinner();
  #timer: NodeJS.Timeout | null = null;

  constructor(tasks: readonly LiveTask[], options: LiveRendererOptions) {
    this.#tasks = tasks;
    this.#options = options;
  }

  /** Called by listr2 before the first task. */
  readonly render = (): void => {
    // listr2's own event at each change of a task is not listened to: it would draw far too often.
    this.#timer = setInterval(() => {
      this.#spinner.spin();
      this.#draw();
    }, frameEveryMs);
    // A view keeps nothing alive.
    this.#timer.unref();
  };

  /** Called by listr2 after the last task: the frame goes, the closing table says it all again. */
  readonly end = (): void => {
    this.#stop();
    this.#options.screen.draw([]);
  };

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Throws nothing: in a timer that would end the whole process. */
  #draw(): void {
    const { screen, target, style, ruler, statusLine, onFault } = this.#options;
    try {
      const rows = this.#tasks.map((task) => this.#mark(task));
      // Until it is prepared, a text is taken to be at its widest; the next frame has it right.
      ruler.prepare(rows.flatMap((row) => [row.name, row.text])).catch(onFault);
      screen.draw(renderFrame(rows, statusLine(rows), style, ruler, target));
    } catch (error) {
      this.#stop();
      onFault(error);
    }
  }

  #mark(task: LiveTask): MarkedRow {
    const row = this.#options.row(present(task.title, 'a task of the live view has a title'));
    return { ...row, mark: this.#symbol(task, row) };
  }

  #symbol(task: LiveTask, row: LiveRow): string {
    const { style } = this.#options;
    if (task.hasFailed()) return style.red(figures.cross);
    if (task.isSkipped()) return style.yellow(figures.arrowDown);
    if (task.isCompleted()) return style.green(figures.tick);
    return row.phase === 'waiting'
      ? style.dim(figures.squareSmallFilled)
      : style.yellow(this.#spinner.fetch());
  }
}
