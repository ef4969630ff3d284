import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Json } from '../base/json.ts';
import { isRecord } from '../base/json-type.ts';
import { parseJson } from '../base/parse-json.ts';
import type { EarlierTasks } from '../engine/earlier-tasks.ts';
import { cutTornLine } from './cut-torn-line.ts';
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

/** The records whose turn had not come, of tasks that have succeeded. */
function heldRecords(file: string, tasks: EarlierTasks): ReadonlyMap<number, string> {
  const lines = new Map<number, string>();
  for (const { task, results } of heldLines(file)) {
    if (results !== null && tasks.hasSucceeded(task)) lines.set(task, results);
  }
  return lines;
}

/** Adds to the job log of an earlier run what its end has kept out of it, behind its last whole line. */
export function continueJoblog(path: string, { heldFile }: ResumedPool): void {
  // Whoever reads it, `mpctl pool --resume` or GNU parallel, takes every line for one of a job.
  cutTornLine(path);
  const held = heldLines(heldFile).flatMap(({ joblog }) => (joblog === null ? [] : [joblog]));
  const known = held.length === 0 ? new Set<string>() : new Set(readFileSync(path, 'utf8').split('\n'));
  const fd = openSync(path, 'a');
  try {
    const missing = held.filter((line) => !known.has(line.slice(0, -1)));
    const bytes = Buffer.from(missing.join(''));
    for (let start = 0; start < bytes.length; ) start += writeSync(fd, bytes, start);
  } finally {
    closeSync(fd);
  }
}

function heldLines(file: string): readonly { readonly task: number; readonly results: string | null; readonly joblog: string | null }[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const value = parseJson(line);
      if (!value.ok || !isRecord(value.value)) return [];
      const { task, results, joblog } = value.value;
      return typeof task === 'number' ? [{ task, results: textOrNull(results), joblog: textOrNull(joblog) }] : [];
    });
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
