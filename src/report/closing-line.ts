import { isAbsolute, relative } from 'node:path';

import { unreachable } from '../base/invariant.ts';
import { bareLine } from './bare-text.ts';
import { countedFailures } from './counted-failures.ts';
import type { Style } from './create-style.ts';
import { listNames } from './describe-wait.ts';
import { formatDuration } from './format-duration.ts';
import type { RunRecord } from './run-record.ts';

/**
 * The last line of a run: `success in 3.2 s`, or what went wrong first, how many failed in all and
 * where the logs are. Empty before the run has ended.
 *
 * @param workingDir the folder that mpctl was called in; a run folder below it is shown relative to
 * it
 */
export function closingLine(record: RunRecord, style: Style, workingDir: string): string {
  const { started, ended } = record;
  if (ended === null) return '';
  const why = (ended.why === '' ? '' : `: ${bareLine(ended.why)}`) + countFailures(record);
  const logs =
    started === null
      ? ''
      : ` (run ${started.run}, logs in ${shortPath(started.folder, workingDir)})`;
  switch (ended.outcome) {
    case 'success':
      return style.green(`success in ${formatDuration(ended.durationMs)}`);
    case 'failure':
      return `${style.boldRed(`failed after ${formatDuration(ended.durationMs)}${why}`)}${logs}`;
    case 'timed_out':
      return `${style.boldRed(`timed out after ${formatDuration(ended.durationMs)}${why}`)}${logs}`;
    case 'cancelled':
      return `${style.yellow(`cancelled after ${formatDuration(ended.durationMs)}${why}`)}${logs}`;
    default:
      return unreachable(ended.outcome);
  }
}

/** Nothing where the reason of the run's failure names the only one. */
function countFailures(record: RunRecord): string {
  const names = countedFailures(record).map(({ name }) => name);
  const told = record.ended?.outcome === 'failure' ? 1 : 0;
  return names.length <= told ? '' : `; ${names.length} failed: ${listNames(names)}`;
}

function shortPath(folder: string, workingDir: string): string {
  if (!isAbsolute(folder)) return folder;
  const short = relative(workingDir, folder);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? folder : short;
}
