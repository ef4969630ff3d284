import type { Json } from '../base/json.ts';
import type { TaskRecord } from './effect.ts';

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
    started: record.startedMs === null ? null : seconds(record.startedMs),
    duration: seconds(record.durationMs),
  };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
