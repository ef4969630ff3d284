import type { ReportTarget } from '../src/report/reporter.ts';
import { defaultColumns, type CommandContext } from './context.ts';

const defaultRows = 24;

/** The two streams of the command line as the view of a run sees them. */
export function reportTargetOf(context: CommandContext): ReportTarget {
  const { stdout, stderr } = context.host;
  return {
    write: (text) => stdout.write(text),
    writeError: (text) => stderr.write(text),
    get columns() {
      return stdout.columns ?? defaultColumns;
    },
    get rows() {
      return stdout.rows ?? defaultRows;
    },
    isTerminal: stdout.isTTY,
    color: context.color(stdout),
    now: () => new Date(),
  };
}
