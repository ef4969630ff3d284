import { GroupedReporter } from './grouped-reporter.ts';
import { GuardedReporter } from './guarded-reporter.ts';
import { JsonReporter } from './json-reporter.ts';
import { PlainReporter } from './plain-reporter.ts';
import { QuietReporter } from './quiet-reporter.ts';
import type { Reporter, ReportTarget } from './reporter.ts';

/** What the user asked for, and where mpctl runs. */
export interface ReporterOptions {
  /** `null` chooses: the live view on a terminal, lines with prefixes elsewhere. */
  readonly output: 'prefixed' | 'grouped' | 'quiet' | null;
  /** `json` is for machines and goes before `output`. */
  readonly format: 'text' | 'json';
  /** Before every line of a worker. */
  readonly timestamps: boolean;
  /** `GITHUB_ACTIONS` is `true`: blocks fold and failures are annotated. */
  readonly github: boolean;
  /** The folder that mpctl was called in; absolute. */
  readonly workingDir: string;
}

/** The view that was asked for; it never throws. listr2 is loaded for the live view only. */
export async function chooseReporter(
  options: ReporterOptions,
  target: ReportTarget,
): Promise<Reporter> {
  return new GuardedReporter(await create(options, target), target);
}

async function create(options: ReporterOptions, target: ReportTarget): Promise<Reporter> {
  if (options.format === 'json') return new JsonReporter(target);
  switch (options.output) {
    case 'grouped':
      return new GroupedReporter(target, options);
    case 'quiet':
      return new QuietReporter(target, options);
    case 'prefixed':
      return new PlainReporter(target, options);
    default:
  }
  if (!target.isTerminal) return new PlainReporter(target, options);
  const { LiveReporter } = await import('./live/live-reporter.ts');
  return new LiveReporter(target, options);
}
