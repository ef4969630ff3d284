import type { ReportTarget } from '../src/report/reporter.ts';
import { defaultColumns, type CommandContext } from './context.ts';
import { writesOver } from './writes-over.ts';

const defaultRows = 24;

/** The two streams of the command line as the view of a run sees them. */
export function reportTargetOf(context: CommandContext): ReportTarget {
  const { stdout, stderr, environment } = context.host;
  return {
    write: (text) => stdout.write(text),
    writeError: (text) => stderr.write(text),
    get columns() {
      return stdout.columns ?? defaultColumns;
    },
    get rows() {
      return stdout.rows ?? defaultRows;
    },
    isTerminal: writesOver(stdout.isTTY, environment),
    color: context.color(stdout),
    now: () => new Date(),
  };
}
