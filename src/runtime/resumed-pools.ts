import type { EarlierTasks } from '../engine/earlier-tasks.ts';
import { matchedPools } from '../plan/matched-tasks.ts';
import type { Plan, PoolPlan } from '../plan/plan.ts';
import { heldFile } from './run-folder/fates-folder.ts';
import type { EarlierRun } from './run-options.ts';
import type { ResumedPool } from './resumed-files.ts';

/** What an earlier run says of the pools whose tasks can be told by their numbers. */
export function earlierTasks(plan: Plan, earlier: EarlierRun | undefined): ReadonlyMap<string, EarlierTasks> {
  const tasks = new Map<string, EarlierTasks>();
  if (earlier === undefined) return tasks;
  for (const pool of matchedPools(plan)) {
    const known = earlier.tasks.get(pool);
    if (known !== undefined) tasks.set(pool, known);
  }
  return tasks;
}

/** What their files go on with. */
export function resumedPools(plan: Plan, tasks: ReadonlyMap<string, EarlierTasks>, runFolder: string): ReadonlyMap<string, ResumedPool> {
  const users = new Map<string, number>();
  for (const pool of plan.pools) users.set(resultsOf(pool), (users.get(resultsOf(pool)) ?? 0) + 1);
  const resumed = new Map<string, ResumedPool>();
  for (const pool of plan.pools) {
    const known = tasks.get(pool.name);
    if (known === undefined) continue;
    const isShared = (users.get(resultsOf(pool)) ?? 0) > 1;
    resumed.set(pool.name, { tasks: known, heldFile: heldFile(runFolder, pool.name), byTask: pool.order === 'input', isShared });
  }
  return resumed;
}

/** The file of its results as the spec has it. */
function resultsOf({ results, workingDir }: PoolPlan): string {
  return JSON.stringify([workingDir, results]);
}
