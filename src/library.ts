/**
 * The contract of `import … from 'mpctl'`; `index.ts` keeps it. It stands apart from the code so that
 * the published types hold it and what it names, and nothing of what is behind it.
 */
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { RunEvent } from './engine/run-event.ts';
import type { Plan } from './plan/plan.ts';

export type { Diagnostic } from './diagnostics/diagnostic.ts';
export type { RunEvent } from './engine/run-event.ts';
export type { Plan } from './plan/plan.ts';

/** What `check` found. */
export interface CheckResult {
  /** False where an error makes every run impossible. */
  readonly valid: boolean;
  /** Everything found, warnings and notes too, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What `plan` made. */
export interface PlanResult {
  /** null where an error makes every run impossible. */
  readonly plan: Plan | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** How to run. */
export interface RunSettings {
  /** Hears everything that happens, in order; the events are those of `mpctl run --format json`. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** How a run ended, and where its logs are. */
export interface RunSummary {
  readonly outcome: 'success' | 'failure' | 'timed_out' | 'cancelled';
  /** What `mpctl run` would have ended with. */
  readonly exitCode: number;
  /** The signal that ended the run; null for a plain exit code. */
  readonly signal: string | null;
  /** One sentence for people. */
  readonly why: string;
  /** Id of the run. */
  readonly run: string;
  /** Absolute folder with the log files. */
  readonly folder: string;
}

/** What came of `run`. */
export interface RunResult {
  /** null where nothing was started, for the reasons in `diagnostics`. */
  readonly summary: RunSummary | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks a spec: a file, a folder with one in it, or without an argument that of the current folder. */
export declare function check(spec?: string): CheckResult;

/** Compiles a spec into what would run: every name resolved, every default applied. */
export declare function plan(spec?: string): PlanResult;

/**
 * Runs a spec to its end: nothing that it started is alive when the promise resolves. Meanwhile SIGINT,
 * SIGTERM, SIGHUP and SIGQUIT of this process belong to the run; a caller that was sent one and wants to
 * look ended by it to its own parent has to die of `summary.signal` itself.
 */
export declare function run(spec?: string, settings?: RunSettings): Promise<RunResult>;
