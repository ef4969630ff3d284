import { formatDuration } from '../format-duration.ts';
import type { RunRecord } from '../run-record.ts';
import type { LiveRow } from './describe-row.ts';

/**
 * The last line of the live view: how many rows of each kind there are and how long the run has
 * lasted; after a signal first what the next one does.
 *
 * @param nowMs on the clock of the events
 */
export function describeStatus(
  rows: readonly LiveRow[],
  record: RunRecord,
  nowMs: number,
): string {
  const count = (phase: LiveRow['phase']): number =>
    rows.filter((row) => row.phase === phase).length;
  const failed = count('failed');
  const parts = [
    `${count('over') + failed} of ${rows.length} ended`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    `${count('active')} running`,
    `${count('waiting')} waiting`,
    formatDuration(nowMs),
  ];
  const counts = parts.join(', ');
  const ladder = describeLadder(record);
  return ladder === null ? counts : `${ladder}: ${counts}`;
}

function describeLadder({ signal, isFinishing }: RunRecord): string | null {
  switch (signal?.rung) {
    case undefined:
      return null;
    case 1:
      return isFinishing
        ? 'finishing, press Ctrl-C again to kill `finally`'
        : 'stopping, press Ctrl-C again to leave everything 1 s';
    case 2:
      return 'stopping, press Ctrl-C again to kill everything now';
    default:
      return 'killing everything';
  }
}
