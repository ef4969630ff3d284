import type { RunEvent } from '../engine/run-event.ts';
import type { Reporter, ReportTarget } from './reporter.ts';

/** One RunEvent a line on standard output, as JSON Lines, and nothing else. */
export class JsonReporter implements Reporter {
  readonly lastLines = null;
  readonly #target: ReportTarget;

  constructor(target: ReportTarget) {
    this.#target = target;
  }

  handle(event: RunEvent): void {
    this.#target.write(`${JSON.stringify(event)}\n`);
  }

  print(lines: string): void {
    this.#target.writeError(lines);
  }

  async finish(): Promise<void> {
    // Every event was written when it came.
  }
}
