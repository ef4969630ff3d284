import { err, ok, type Result } from '../base/result.ts';

/** When a pool is to stop before its items are at their end, as `--halt` of GNU parallel says it. */
export interface Halt {
  /** `now` stops the running jobs, `soon` lets them end. */
  readonly when: 'now' | 'soon';
  readonly on: 'fail' | 'success' | 'done';
  /** So many jobs, or so many percent of them. */
  readonly limit: number;
  readonly isPercent: boolean;
}

/** How many jobs have ended, and how. */
export interface JobCounts {
  /** Those of an earlier run that are not run again are among them. */
  readonly done: number;
  readonly failed: number;
  /** Of all; null while more may come. */
  readonly total: number | null;
}

/** The short forms that GNU parallel still takes. */
const shortForms: ReadonlyMap<string, string> = new Map([
  ['0', 'never'],
  ['1', 'soon,fail=1'],
  ['2', 'now,fail=1'],
  ['-1', 'soon,success=1'],
  ['-2', 'now,success=1'],
]);

const form = /^(?<when>now|soon),(?<on>fail|success|done)=(?<limit>\d+)(?<percent>%?)$/;

/** Reads the value of `--halt`; null for `never`. The error says what is wrong with it. */
export function parseHalt(written: string): Result<Halt | null, string> {
  const share = /^\d+%$/.test(written) ? `soon,fail=${written}` : written;
  const long = shortForms.get(share) ?? share;
  if (long === 'never') return ok(null);
  const { when, on, limit, percent } = form.exec(long)?.groups ?? {};
  if ((when !== 'now' && when !== 'soon') || (on !== 'fail' && on !== 'success' && on !== 'done') || Number(limit) === 0) {
    return err('`never`, or `now` or `soon`, then `,fail=`, `,success=` or `,done=`, then a number from 1 or a percentage: `now,fail=1`');
  }
  return ok({ when, on, limit: Number(limit), isPercent: percent === '%' });
}

/** The exit code of a pool that stops because of the job that has just ended with `jobCode`; null where it goes on. */
export function haltExitCode(halt: Halt, { done, failed, total }: JobCounts, jobCode: number): number | null {
  // Only what the rule counts can bring it about.
  if ((halt.on === 'fail' && jobCode === 0) || (halt.on === 'success' && jobCode !== 0)) return null;
  if (halt.isPercent && total === null) return null;
  const limit = halt.isPercent ? ((total ?? 0) * halt.limit) / 100 : halt.limit;
  const counted = { fail: failed, success: done - failed, done }[halt.on];
  if (counted < limit) return null;
  if (halt.on === 'success') return 0;
  if (limit === 1) return jobCode;
  return halt.isPercent ? Math.ceil((failed / Math.max(1, total ?? 1)) * 100) : Math.min(failed, 101);
}
