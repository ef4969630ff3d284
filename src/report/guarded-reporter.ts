import { inspect } from 'node:util';

import type { RunEvent } from '../engine/run-event.ts';
import type { Reporter, ReportTarget } from './reporter.ts';

/**
 * Keeps the faults of a view away from the run: what it throws is told once on standard error, and
 * the view goes on with the next event.
 */
export class GuardedReporter implements Reporter {
  readonly #reporter: Reporter;
  readonly #target: ReportTarget;
  #toldFault = false;

  constructor(reporter: Reporter, target: ReportTarget) {
    this.#reporter = reporter;
    this.#target = target;
  }

  get lastLines(): number | null {
    return this.#reporter.lastLines;
  }

  handle(event: RunEvent): void {
    try {
      this.#reporter.handle(event);
    } catch (error) {
      this.#tell(error);
    }
  }

  print(lines: string): void {
    try {
      this.#reporter.print(lines);
    } catch (error) {
      this.#tell(error);
    }
  }

  async finish(): Promise<void> {
    try {
      await this.#reporter.finish();
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    if (this.#toldFault) return;
    this.#toldFault = true;
    try {
      this.#target.writeError(
        `mpctl: the view of the run has a fault, the run goes on: ${inspect(error)}\n`,
      );
    } catch {
      // Standard error itself is the fault: there is nowhere left to tell it, and the run goes on.
    }
  }
}
