import { taskResult } from '../engine/task-result.ts';
import type { TaskRecord } from '../engine/effect.ts';

/** The line of a task in the results of its pool, with its newline. */
export function resultsLine(record: TaskRecord): string {
  return `${JSON.stringify(taskResult(record))}\n`;
}
