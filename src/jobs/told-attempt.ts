import type { JobVerdict } from './job-pool.ts';

/** What is said of a job that is tried until it succeeds, when it has failed for the tenth time, the hundredth and so on; null for any other attempt. */
export function toldAttempt({ start: { attempt }, exitCode, signal }: JobVerdict, mostAttempts: number): string | null {
  if (mostAttempts !== Number.POSITIVE_INFINITY || !/^10+$/u.test(String(attempt))) return null;
  const how = signal === 0 ? `with exit code ${exitCode}` : `by signal ${signal}`;
  return `this job has failed ${attempt} times, at last ${how}, and is tried until it succeeds`;
}
