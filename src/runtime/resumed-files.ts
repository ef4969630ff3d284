import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import type { Json } from '../base/json.ts';
import type { EarlierTasks } from '../engine/earlier-tasks.ts';
import { cutTornLine } from './cut-torn-line.ts';
import { encodeText } from './escaped-bytes.ts';
import { heldIn, type HeldLine, heldResultsIn } from './held-line.ts';
import { lineAt, type LinePlace, linesOfFile } from './lines-of-file.ts';
import { tidyResults } from './tidy-results.ts';

/** What a pool that goes on from an earlier run needs to go on with its files. */
export interface ResumedPool {
  readonly tasks: EarlierTasks;
  /** The records of the earlier run that may be missing in the files. */
  readonly heldFile: string;
  /** In the end its results are to stand in the order of the tasks. */
  readonly byTask: boolean;
  /** Another pool writes its results to the same file: nobody can tell whose a record is. */
  readonly isShared: boolean;
}

/**
 * Brings the results of an earlier run to what this run goes on from: a record of each task that does not
 * run again. Says how many of those that have succeeded have none.
 *
 * @throws the error of the system
 */
export function continueResults(path: string, { tasks, heldFile, isShared }: ResumedPool): number {
  if (isShared) return 0;
  const keeps = (task: number, item: Json): boolean => {
    const verdict = tasks.verdict(task, item);
    return verdict === 'succeeded' || verdict === 'left_out';
  };
  const present = tidyResults(path, { keeps, extra: heldRecords(heldFile, tasks), byTask: false });
  return present === null ? 0 : tasks.succeededBut(present);
}

/** The records whose turn had not come, of tasks that have succeeded: they stay in the file until they are written, however many they are. */
function heldRecords(file: string, tasks: EarlierTasks): ReadonlyMap<number, () => string> {
  const lines = new Map<number, () => string>();
  for (const { task, results, start, bytes } of heldLines(file)) {
    if (results !== null && tasks.hasSucceeded(task)) lines.set(task, () => heldResultsIn(lineAt(file, { start, bytes })) ?? '');
  }
  return lines;
}

/** Adds to the job log of an earlier run what its end has kept out of it, behind its last whole line. */
export function continueJoblog(path: string, { heldFile }: ResumedPool): void {
  // Whoever reads it, `mpctl pool --resume` or GNU parallel, takes every line for one of a job.
  cutTornLine(path);
  // By what is read of a line in the file, which may have bytes that are no UTF-8.
  const missing = new Map<string, Buffer>();
  for (const { joblog } of heldLines(heldFile)) {
    if (joblog === null) continue;
    const bytes = Buffer.from(encodeText(joblog));
    missing.set(bytes.toString(), bytes);
  }
  if (missing.size > 0) for (const { text } of linesOfFile(path)) missing.delete(`${text}\n`);
  const fd = openSync(path, 'a');
  try {
    for (const bytes of missing.values()) {
      for (let start = 0; start < bytes.length; ) start += writeSync(fd, bytes, start);
    }
  } finally {
    closeSync(fd);
  }
}

function* heldLines(file: string): Generator<HeldLine & LinePlace> {
  if (!existsSync(file)) return;
  for (const { text, start, bytes } of linesOfFile(file)) {
    const held = heldIn(text);
    if (held !== null) yield { ...held, start, bytes };
  }
}
