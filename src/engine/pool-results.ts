/* Hands the tasks of a pool on as records, in order of input or as they end. */
import type { Outcome } from '../sync/operation.ts';
import type { Context } from './context.ts';
import type { TaskRecord } from './effect.ts';
import { filesOf } from './pool-files.ts';
import { isLongOutput, taskResult } from './task-result.ts';
import type { PoolState, TaskState } from './unit-state.ts';

/** Records every task whose turn has come, and forgets it. */
export function recordTasks(context: Context, pool: PoolState): void {
  if (pool.plan.order === 'completion') {
    if (pool.unrecorded.length === 0) return;
    const tasks = pool.unrecorded;
    pool.unrecorded = [];
    for (const task of tasks) record(context, pool, task);
    return;
  }
  for (;;) {
    const task = pool.tasks.get(pool.nextRecord);
    // A number that was given out and has no task is that of one which did not have to run.
    if (task === undefined ? pool.nextRecord >= pool.taskCount : task.phase !== 'ended') return;
    pool.nextRecord += 1;
    if (task !== undefined) record(context, pool, task);
  }
}

/** What has run and waits for earlier tasks to be recorded is handed out at once, so that the end of mpctl does not take it away. */
export function holdRecord(context: Context, pool: PoolState, task: TaskState): void {
  if (task.index === pool.nextRecord || task.fate === 'cancelled') return;
  const files = filesOf(context, pool);
  if (files.results === null && files.joblog === null) return;
  context.effect({ type: 'hold_record', pool: pool.name, record: recordOf(task), results: files.results !== null, joblog: files.joblog !== null });
  task.isValueHeld = files.results !== null && isLongOutput(task.stdoutBytes);
}

/** Everybody was told: whoever holds the record has its value. */
export function forgetHeldValue(task: TaskState): void {
  if (task.isValueHeld) task.value = null;
}

function record(context: Context, pool: PoolState, task: TaskState): void {
  pool.tasks.delete(task.index);
  const { results, workingDir } = pool.plan;
  const files = filesOf(context, pool);
  if (results.type !== 'queue' && files.results === null && files.joblog === null) return;
  const line = recordOf(task);
  if (results.type === 'queue') {
    pool.pendingRecords.push(taskResult(line));
    putNextRecord(context, pool);
  }
  if (files.results === null && files.joblog === null) return;
  context.effect({
    type: 'record_task',
    pool: pool.name,
    workingDir,
    record: line,
    resultsFile: files.results,
    joblog: files.joblog,
  });
}

function recordOf(task: TaskState): TaskRecord {
  const told: TaskRecord = {
    task: task.index,
    item: task.item,
    fate: task.fate ?? 'cancelled',
    value: task.value,
    outputFile: task.outputFile,
    exitcode: task.exitcode,
    signal: task.signal,
    attempts: task.attempt,
    worker: task.worker,
    startedMs: task.startedMs,
    durationMs: timeSince(task, task.startedMs),
    lastAttempt: {
      startedMs: task.attemptStartedMs,
      durationMs: timeSince(task, task.attemptStartedMs),
      stdoutBytes: task.stdoutBytes,
    },
    command: task.command,
  };
  return task.isValueHeld ? { ...told, isValueHeld: true } : told;
}

function timeSince({ endedMs }: TaskState, startedMs: number | null): number {
  return startedMs === null ? 0 : (endedMs ?? startedMs) - startedMs;
}

function putNextRecord(context: Context, pool: PoolState): void {
  const item = pool.pendingRecords[0];
  if (pool.recordPut !== null || item === undefined || pool.plan.results.type !== 'queue') return;
  pool.recordPut = context.request(
    pool.name,
    { verb: 'put', name: pool.plan.results.queue, item, priority: 0 },
    // Whoever takes them may begin only after the end of a pool that is being stopped.
    pool.stopWhy === null ? null : context.nowMs,
    { type: 'record', pool: pool.name },
  );
}

/** The queue has taken a record, has no room for it, or nobody takes them any more. */
export function recordSettled(context: Context, pool: PoolState, outcome: Outcome): void {
  pool.recordPut = null;
  if (outcome.status === 'granted') {
    pool.pendingRecords.shift();
  } else {
    const why = outcome.status === 'failed' ? 'nobody can still get from their queue' : 'it was stopped before there was room in their queue';
    warnOfLostRecords(context, pool, why);
  }
  putNextRecord(context, pool);
  context.post({ type: 'fill_pool', pool: pool.name });
}

function warnOfLostRecords(context: Context, pool: PoolState, why: string): void {
  const lost = pool.pendingRecords.length;
  pool.pendingRecords.length = 0;
  const what = lost === 1 ? `a result of \`${pool.name}\` was` : `${lost} results of \`${pool.name}\` were`;
  context.report({ type: 'warning', code: 'MP841', message: `${what} not taken: ${why}`, instance: pool.name });
}
