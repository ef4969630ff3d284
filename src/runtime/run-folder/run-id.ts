import { randomText } from '../random-text.ts';

/**
 * A name for a run: its beginning in UTC to the millisecond, so that names sort by time, and 32
 * random bits, so that two runs never share one. It has only digits, letters and hyphens.
 */
export function makeRunId(begun: Date): string {
  return `${begun.toISOString().replaceAll(/[-:.]/g, '')}-${randomText(4, 'hex')}`;
}

/**
 * The value of `MPCTL_RUN_IDS` for the workers of a run: its own id after those of the runs that it
 * is itself a worker of, so that an outer run finds the workers of an inner one.
 */
export function appendRunId(outer: string | undefined, runId: string): string {
  return outer === undefined || outer === '' ? runId : `${outer}:${runId}`;
}
