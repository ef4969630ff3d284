import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { processIsAlive } from '../processes/process-table.ts';
import { makeFolders } from './make-folders.ts';
import { readRunRecord, type FoundRun } from './run-record.ts';

/*
 * Beside the folders of all runs, one with an empty file for each run that has begun and not ended: whoever
 * starts the next one sees whether somebody was killed without reading the records of all that ever were.
 */

function runningFolder(runsFolder: string): string {
  return join(dirname(runsFolder), 'running');
}

/** A run begins. */
export function noteRunning(runsFolder: string, id: string): void {
  const folder = runningFolder(runsFolder);
  makeFolders(folder);
  writeFileSync(join(folder, id), '', { mode: 0o600 });
}

/** Nothing of it is left. */
export function forgetRunning(runsFolder: string, id: string): void {
  rmSync(join(runningFolder(runsFolder), id), { force: true });
}

/** The runs whose mpctl was killed and of which nobody has yet seen that nothing is left, oldest first. */
export function killedRuns(runsFolder: string): readonly FoundRun[] {
  const killed: FoundRun[] = [];
  for (const id of namesIn(runningFolder(runsFolder)).toSorted()) {
    const folder = join(runsFolder, id);
    const record = readRunRecord(folder);
    // Its folder was removed, by hand perhaps.
    if (record === null) forgetRunning(runsFolder, id);
    else if (!processIsAlive(record.pid, record.startTime)) killed.push({ folder, record, alive: false });
  }
  return killed;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
