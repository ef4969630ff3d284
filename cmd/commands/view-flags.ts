import type { Command } from 'commander';
import { makeDiagnostic } from '../../src/diagnostics/make-diagnostic.ts';
import { defineChoice, defineFormat } from '../flag-values.ts';
import type { RunFlags } from '../run-flags.ts';
import { UsageError } from '../usage-error.ts';

/** The flags that say how a run is shown, and when it is left. */
export function addViewFlags(command: Command): Command {
  return command
    .addOption(defineChoice('--on-parent-exit', 'what the end of the process that called mpctl does (default: stop, if it was waiting)', ['stop', 'continue']))
    .addOption(defineChoice('--output', 'how output is shown', ['prefixed', 'grouped', 'quiet']))
    .option('--timestamps', 'put the time before every line')
    .addOption(defineFormat<'text' | 'json'>(['text', 'json']));
}

/**
 * Events have one form only, so that one of the two flags would be ignored.
 *
 * @throws UsageError
 */
export function refuseOutputBesideJson({ format, output }: Pick<RunFlags, 'format' | 'output'>): void {
  if (format !== 'json' || output === undefined) return;
  throw new UsageError(
    makeDiagnostic('MP003', `\`--output ${output}\` and \`--format json\` exclude each other: JSON is one event a line, and all of them`, {
      hint: 'leave out one of them',
    }),
  );
}
