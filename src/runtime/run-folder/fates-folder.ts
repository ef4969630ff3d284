import { closeSync, copyFileSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EarlierTasks } from '../../engine/earlier-tasks.ts';
import { readFates } from './fates-text.ts';

/** Where a run keeps what became of its tasks; the name of a pool has no dot. */
const folderName = 'fates';

/** The file with the fates of the tasks of a pool. */
export function fatesFile(runFolder: string, pool: string): string {
  return join(runFolder, folderName, pool);
}

/** The file with the records of tasks whose turn to be recorded had not come. */
export function heldFile(runFolder: string, pool: string): string {
  return join(runFolder, folderName, `${pool}.held`);
}

/** Whether a run has kept the fates of tasks. */
export function hasFates(runFolder: string): boolean {
  return existsSync(join(runFolder, folderName));
}

/**
 * Makes the files of the fates of these pools, with what the run that is gone on from knows of all of its
 * own: a run whose folder is removed takes nothing from those that went on from it.
 *
 * @throws the error of the system
 */
export function beginFates(runFolder: string, pools: readonly string[], earlierFolder: string | null): void {
  if (pools.length === 0 && earlierFolder === null) return;
  const folder = join(runFolder, folderName);
  mkdirSync(folder, { mode: 0o700 });
  const known = earlierFolder === null ? [] : readdirSync(join(earlierFolder, folderName));
  for (const name of known) copyFileSync(join(earlierFolder ?? '', folderName, name), join(folder, name));
  for (const pool of pools) if (!known.includes(pool)) writeFileSync(join(folder, pool), '', { mode: 0o600 });
}

/** What became of the tasks of each pool of a run; `onlyFailed` as in `EarlierTasks`. */
export function readEarlierTasks(runFolder: string, onlyFailed: boolean): ReadonlyMap<string, EarlierTasks> {
  const tasks = new Map<string, EarlierTasks>();
  for (const name of readdirSync(join(runFolder, folderName))) {
    if (name.includes('.')) continue;
    const earlier = new EarlierTasks(onlyFailed);
    readFates(readFileSync(fatesFile(runFolder, name), 'utf8'), earlier);
    tasks.set(name, earlier);
  }
  return tasks;
}

/** Opens a file to add lines to it, and says how long it is and whether its last line has no end. */
export function openForLines(path: string): { readonly fd: number; readonly bytes: number; readonly isTorn: boolean } {
  const fd = openSync(path, 'a+', 0o600);
  try {
    const { size } = fstatSync(fd);
    const last = Buffer.alloc(1);
    return { fd, bytes: size, isTorn: size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
