/* The failures of a pool: how many there were, which came first, and whether they are too many. */
import { showItem } from '../base/describe-task.ts';
import { knownTotal } from './pool-tasks.ts';
import type { PoolState, TaskState } from './unit-state.ts';

/** Failures before a share of an unknown number of tasks means anything. */
const leastFailures = 3;
/** Failed tasks that are named where a pool says how many there were. */
const namedFailures = 3;

/** Counts a task that has failed, and keeps what the first ones are known by. */
export function countFailure(pool: PoolState, task: TaskState): void {
  pool.failed += 1;
  if (pool.firstFailures.length === namedFailures) return;
  pool.firstFailures.push({ name: showItem(task.item) ?? `task ${task.index}`, why: task.why });
}

/** Whether as many have failed as `halt` allows. */
export function isHaltDue(pool: PoolState): boolean {
  const { halt } = pool.plan;
  if (halt === null) return false;
  return halt.type === 'count' ? pool.failed >= halt.count : isShareReached(pool, halt.percent);
}

/**
 * A share is one of all tasks. While more may still come nobody knows how many that is: then it is one
 * of the tasks that have ended, from the third failure on, which is the least that GNU parallel asks for.
 */
function isShareReached(pool: PoolState, percent: number): boolean {
  const total = knownTotal(pool);
  if (total !== null) return pool.failed * 100 >= percent * total;
  return pool.failed >= leastFailures && pool.failed * 100 >= percent * (pool.succeeded + pool.failed);
}

/** How many failed of how many, the first by name and why, and whether there would have been more. */
export function describeFailures(pool: PoolState): string {
  const { failed, cancelled, firstFailures, isCutOff } = pool;
  const taskCount = pool.taskCount + pool.notBegun;
  const unread = isCutOff ? ', and no more were read' : '';
  const tasks = taskCount === 1 ? 'task' : 'tasks';
  if (failed === 0 && cancelled === 0) return `${pool.succeeded} of ${taskCount} ${tasks} succeeded${unread}`;
  if (failed === 0) return `${cancelled} of ${taskCount} ${tasks} ${taskCount === 1 ? 'was' : 'were'} cancelled${unread}`;
  const namesByReason = new Map<string, string[]>();
  for (const { name, why } of firstFailures) namesByReason.set(why, [...(namesByReason.get(why) ?? []), name]);
  const parts = [...namesByReason].map(([why, names]) => `${names.join(', ')}: ${why}`);
  if (failed > firstFailures.length) parts.push(`and ${failed - firstFailures.length} more`);
  const which = parts.length === 0 ? '' : ` (${parts.join('; ')})`;
  return `${failed} of ${taskCount} ${tasks} failed${which}${unread}${describeNotBegun(pool, ', and ')}`;
}

/** How many tasks were counted and not made, after `lead`; nothing where all were made. */
export function describeNotBegun({ notBegun }: PoolState, lead: string): string {
  return notBegun === 0 ? '' : `${lead}${notBegun} ${notBegun === 1 ? 'was' : 'were'} not begun`;
}
