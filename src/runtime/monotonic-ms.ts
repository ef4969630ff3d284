/**
 * Milliseconds of a clock that never goes back, from an arbitrary start (POSIX `CLOCK_MONOTONIC`). Not
 * `performance.now()`: reading that global loads `node:perf_hooks`, which is a millisecond of every start.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1_000_000;
}
