import type { TaskRecord } from '../engine/effect.ts';
import { joblogLine } from '../jobs/joblog.ts';
import type { WallTime } from './run-time.ts';

/** The line of a task in a job log, with its end. */
export function taskJoblogLine({ task, fate, exitcode, command, lastAttempt }: TaskRecord, wallMs: WallTime): string {
  const { startedMs, durationMs, stdoutBytes } = lastAttempt;
  const code = exitcode ?? 0;
  return joblogLine({
    seq: task + 1,
    startedMs: startedMs === null ? 0 : wallMs(startedMs),
    durationMs,
    outputBytes: stdoutBytes,
    exitCode: exitvalOf(fate, code),
    signal: Math.max(-code, 0),
    command,
  });
}

/**
 * -1 is what GNU parallel has where the time was over, by whatever signal the job was ended then. Whatever else has no code,
 * or has ended with 0 when it was stopped or in the middle of its task, is no success to whoever reads the log.
 */
function exitvalOf(fate: TaskRecord['fate'], exitcode: number): number {
  if (exitcode > 0) return exitcode;
  if (fate === 'timed_out') return -1;
  return exitcode === 0 && fate !== 'succeeded' ? 1 : 0;
}
