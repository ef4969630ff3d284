import type { Json } from '../base/json.ts';
import type { TaskRecord } from './effect.ts';

const longOutputBytes = 4096;

/** Whether the value of a task that has written so much is held with its record, where that is held back, and by nobody else. */
export function isLongOutput(bytes: number): boolean {
  return bytes >= longOutputBytes;
}

/** One line of a pool's `results`, with the fields of the language page; times in seconds, as Python has them. */
export function taskResult(record: TaskRecord): { readonly [key: string]: Json } {
  const { task, item, fate, value, outputFile, exitcode, signal, attempts, worker } = record;
  return {
    task,
    item,
    fate,
    value,
    ...(outputFile === null ? {} : { output: outputFile }),
    exitcode,
    signal,
    attempts,
    worker,
    started: record.startedMs === null ? null : secondsOf(record.startedMs),
    duration: secondsOf(record.durationMs),
  };
}

/** A time as results have it: in seconds, to the millisecond. */
export function secondsOf(ms: number): number {
  return Math.round(ms) / 1000;
}
