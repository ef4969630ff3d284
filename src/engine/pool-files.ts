/*
 * The files that a pool writes are opened before its first task and closed before its end, and both are
 * asked of the outside: what cannot be opened fails the pool at its start, what could not be written
 * fails it at its end, while its tasks go on.
 */
import { err, ok, type Result } from '../base/result.ts';
import type { PoolPlan } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { renderText } from './scope.ts';
import { poolScope } from './spawn-order.ts';
import type { PoolFiles, PoolState } from './unit-state.ts';

/** Completes the names of the files that a pool writes; the error says which name is not set. */
export function completeFiles(context: Context, plan: PoolPlan): Result<PoolFiles, string> {
  const results = plan.results.type === 'file' ? renderText(context, poolScope(context, plan), plan.results.file) : ok(null);
  if (!results.ok) return err(`the file of its \`results\`: ${results.error}`);
  const joblog = plan.joblog === null ? ok(null) : renderText(context, poolScope(context, plan), plan.joblog);
  if (!joblog.ok) return err(`its \`joblog\`: ${joblog.error}`);
  return ok({ results: results.value, joblog: joblog.value });
}

/** A pool that never starts has tasks to record all the same, as far as its files can be named. */
export function filesOf(context: Context, pool: PoolState): PoolFiles {
  if (pool.files === null) {
    const files = completeFiles(context, pool.plan);
    pool.files = files.ok ? files.value : { results: null, joblog: null };
  }
  return pool.files;
}

/** Asks for the files to be opened; false where there is none to open. */
export function openFiles(context: Context, pool: PoolState, files: PoolFiles): boolean {
  pool.files = files;
  if (files.results === null && files.joblog === null) return false;
  pool.filesState = 'opening';
  context.effect({
    type: 'open_results',
    pool: pool.name,
    workingDir: pool.plan.workingDir,
    resultsFile: files.results,
    joblog: files.joblog,
  });
  return true;
}

/** Asks for the files to be closed, once; true as long as they are not. */
export function closeFiles(context: Context, pool: PoolState): boolean {
  if (pool.filesState === 'open') {
    pool.filesState = 'closing';
    context.effect({ type: 'close_results', pool: pool.name });
  }
  return pool.filesState === 'closing';
}
