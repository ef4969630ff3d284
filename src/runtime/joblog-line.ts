import type { TaskRecord } from '../engine/effect.ts';
import type { WallTime } from './run-time.ts';

/** The line of a task in a job log, with its newline. */
export function joblogLine(record: TaskRecord, wallMs: WallTime): string {
  const { startedMs, durationMs, stdoutBytes } = record.lastAttempt;
  const started = startedMs === null ? 0 : wallMs(startedMs) / 1000;
  const exitcode = record.exitcode ?? 0;
  const signal = Math.max(-exitcode, 0);
  const exitval = exitvalOf(record.fate, exitcode);
  // It is the last column, so a tab may stay; `parallel` takes a NUL for a newline when it reads its log again.
  const command = record.command.includes('\n') ? record.command.replaceAll('\n', '\0') : record.command;
  return `${record.task + 1}\t:\t${started.toFixed(3)}\t${(durationMs / 1000).toFixed(3)}\t0\t${stdoutBytes}\t${exitval}\t${signal}\t${command}\n`;
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
