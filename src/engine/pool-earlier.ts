/* What a pool need not do again in a run that goes on from an earlier one. */
import { describeTask } from '../base/describe-task.ts';
import type { Json } from '../base/json.ts';
import type { Context } from './context.ts';
import type { EarlierTasks } from './earlier-tasks.ts';
import type { PoolState } from './unit-state.ts';

/** The tasks of its earlier run; undefined where it has none, or was started anew: then everything runs. */
function earlierOf(context: Context, pool: PoolState): EarlierTasks | undefined {
  return pool.life === 1 ? context.options.earlier?.get(pool.name) : undefined;
}

/** Whether the next task of the source is not to run; it has its number then, and is counted. */
export function isSettledBefore(context: Context, pool: PoolState, item: Json): boolean {
  const earlier = earlierOf(context, pool);
  if (earlier === undefined) return false;
  const verdict = earlier.verdict(pool.taskCount, item);
  if (verdict === 'changed') tellChanged(context, pool, item);
  if (verdict === 'run' || verdict === 'changed') return false;
  pool.taskCount += 1;
  if (verdict === 'succeeded') countSucceeded(pool, 1);
  else pool.leftOut += 1;
  return true;
}

/** Of the tasks of a range that are never made, how many have succeeded before or were left out; they are counted. */
export function countSettledRest(context: Context, pool: PoolState, rest: number): number {
  const settled = earlierOf(context, pool)?.countSettled(pool.taskCount, pool.taskCount + rest);
  if (settled === undefined) return 0;
  countSucceeded(pool, settled.succeeded);
  pool.leftOut += settled.leftOut;
  return settled.succeeded + settled.leftOut;
}

/** The source has no more: where it had more in the earlier run, nobody can run what is missing, and what had not succeeded never will. */
export function tellMissing(context: Context, pool: PoolState): void {
  const earlier = earlierOf(context, pool);
  const { name, taskCount } = pool;
  if (earlier === undefined || earlier.size <= taskCount) return;
  pool.missing = earlier.countToRunFrom(taskCount);
  const now = taskCount === 1 ? '1 task' : `${taskCount} tasks`;
  const which = pool.missing === 0 ? 'those that are missing need not run' : describeMissing(pool.missing);
  const message = `\`${name}\` has ${now} now and had at least ${earlier.size} in the earlier run: ${which}`;
  context.report({ type: 'warning', code: 'MP860', message, instance: name });
}

/** How many tasks can not be run any more, in a clause. */
export function describeMissing(missing: number): string {
  return missing === 1 ? '1 task that had not succeeded is missing' : `${missing} tasks that had not succeeded are missing`;
}

/** How many tasks did not have to run, as events say it. */
export function settledCounts({ succeededBefore, leftOut }: PoolState): { readonly skipped?: number; readonly leftOut?: number } {
  return { ...(succeededBefore === 0 ? {} : { skipped: succeededBefore }), ...(leftOut === 0 ? {} : { leftOut }) };
}

/** How many tasks did not have to run, in a clause; nothing where all had to. */
export function describeSettled({ succeededBefore, leftOut }: PoolState): string {
  const before = succeededBefore === 0 ? '' : `, ${succeededBefore} of them before`;
  return leftOut === 0 ? before : `${before}; ${leftOut} left out`;
}

/** They count as tasks that have succeeded, and are known apart. */
function countSucceeded(pool: PoolState, count: number): void {
  pool.succeeded += count;
  pool.succeededBefore += count;
}

/** Told of the first alone: where a line was put in, every one behind it has changed. */
function tellChanged(context: Context, pool: PoolState, item: Json): void {
  if (pool.hasToldChange) return;
  pool.hasToldChange = true;
  const which = `${describeTask(pool.taskCount, item)} of \`${pool.name}\``;
  const message = `${which} was another one in the earlier run: it runs again, as does every task whose item has changed`;
  context.report({ type: 'warning', code: 'MP860', message, instance: pool.name });
}
