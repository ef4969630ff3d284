/*
 * The life of a pool: it waits like an instance, then starts its tasks in order, one per free slot. A
 * task takes its slot and its holds together; every task gets exactly one fate.
 */
import type { Context } from './context.ts';
import { enterPhase } from './enter-phase.ts';
import { describeFailures, describeNotBegun } from './pool-halt.ts';
import { closeFiles, completeFiles, openFiles } from './pool-files.ts';
import { recordTasks } from './pool-results.ts';
import { leaveToOthers, nextTask, pullRest } from './pool-source.ts';
import { describeMissing, describeSettled, settledCounts } from './pool-earlier.ts';
import { knownTotal, renewPool } from './pool-tasks.ts';
import { takesMore } from './pool-waits.ts';
import type { EndReason, EndState } from './run-event.ts';
import { beginStartWaits, cancelStartWaits, type StartRefusal } from './start-waits.ts';
import { callOffTakes, startTasksInTurn } from './take-turns.ts';
import { beginTask, cancelTask, stopTask } from './task-life.ts';
import type { PoolState } from './unit-state.ts';
import { dismissCrew, stopCrew } from './worker-life.ts';
import { feedWorkers, withdrawTask } from './worker-tasks.ts';

/** How often a pool tells how far it is, in ms. */
const progressPeriodMs = 250;

/** Begins the life of a pool, for the first time or again after it has ended. */
export function beginPool(context: Context, pool: PoolState): void {
  if (pool.phase === 'ended') renewPool(pool);
  if (pool.phase !== 'idle' || pool.stopWhy !== null) return;
  beginStartWaits(context, pool);
}

/** It can never start, or not in time. */
export function refusePool(context: Context, pool: PoolState, refusal: StartRefusal): void {
  cancelStartWaits(context, pool);
  const { kind, why, failsRun } = refusal;
  pool.halted ??= why;
  cancelWaiting(context, pool);
  recordTasks(context, pool);
  endPool(context, pool, { state: kind === 'skipped' ? 'skipped' : 'failed', reason: kind, why, failsRun });
}

/** Its waits are over: it takes tasks as soon as the files of their results are open, if they can be. */
export function startPool(context: Context, pool: PoolState): void {
  const files = completeFiles(context, pool.plan);
  if (!files.ok) {
    refusePool(context, pool, { kind: 'failed_to_start', why: files.error, failsRun: true });
    return;
  }
  if (openFiles(context, pool, files.value)) enterPhase(context, pool, 'starting');
  else takeTasks(context, pool);
}

/** Its files are open; where one of them cannot be, it never starts. */
export function resultsOpened(context: Context, pool: PoolState, failure: string | null): void {
  if (pool.filesState !== 'opening') return;
  pool.filesState = 'open';
  if (pool.phase !== 'starting') return;
  if (failure === null) takeTasks(context, pool);
  else refusePool(context, pool, { kind: 'failed_to_start', why: `${failure} [MP844]`, failsRun: true });
}

function takeTasks(context: Context, pool: PoolState): void {
  enterPhase(context, pool, 'running');
  pool.hasStarted = true;
  pool.isReady = true;
  pool.firstStartedMs = context.nowMs;
  context.report({ type: 'pool.started', pool: pool.name });
  context.post({ type: 'moment', unit: pool.name, moment: 'start' });
  context.post({ type: 'moment', unit: pool.name, moment: 'ready' });
  fillPool(context, pool);
}

/** Starts what can be started, and ends the pool when nothing can come any more. */
export function fillPool(context: Context, pool: PoolState): void {
  if (pool.phase !== 'running') return;
  // One that has no item fails at once, and may be the one failure too many.
  if (takesMore(context, pool)) {
    if (pool.plan.body.type === 'worker') feedWorkers(context, pool);
    else startTasks(context, pool);
    leaveToOthers(context, pool);
  }
  if (!takesMore(context, pool)) cancelWaiting(context, pool);
  recordTasks(context, pool);
  reportProgress(context, pool);
  endIfOver(context, pool);
}

function startTasks(context: Context, pool: PoolState): void {
  if (context.options.heldBack !== undefined) {
    startTasksInTurn(context, pool);
    return;
  }
  while (pool.freeSlots.length > 0 && pool.holding === null && pool.halted === null) {
    const task = nextTask(context, pool);
    if (task === null) return;
    beginTask(context, pool, task);
  }
}

function cancelWaiting(context: Context, pool: PoolState): void {
  pullRest(context, pool);
  const why = pool.halted ?? pool.stopWhy ?? context.run.cause?.why ?? 'the run is over';
  pool.ready.clear();
  callOffTakes(context, pool);
  for (const task of pool.tasks.values()) {
    // What is in the hands of a worker is as good as begun.
    if (task.phase === 'running' || task.phase === 'ended' || (task.phase === 'given' && !withdrawTask(context, pool, task))) continue;
    cancelTask(context, pool, task, why);
  }
}

/** Stops it for good: waiting tasks are cancelled, running ones are stopped. */
export function stopPool(context: Context, pool: PoolState, why: string, kill: boolean): void {
  // While its files are being closed everything is done, and its end stays what it is.
  if (pool.phase === 'ended' || pool.filesState === 'closing') return;
  pool.stopWhy ??= why;
  context.changedActors.add(pool.name);
  if (pool.phase !== 'running') {
    cancelStartWaits(context, pool);
    cancelWaiting(context, pool);
    recordTasks(context, pool);
    endPool(context, pool, { state: 'skipped', reason: 'skipped', why });
    return;
  }
  for (const task of pool.tasks.values()) if (task.phase === 'running') stopTask(context, task, why, kill);
  stopCrew(context, pool, why, kill);
  if (pool.recordPut !== null) context.withdrawRequest(pool.recordPut);
  context.post({ type: 'fill_pool', pool: pool.name });
}

/** Nobody can submit any more. */
export function poolClosed(context: Context, pool: PoolState): void {
  pool.submitOpen = false;
  if (pool.phase === 'running') endIfOver(context, pool);
}

/** Its files are closed: now it is known whether everything is in them. */
export function resultsClosed(context: Context, pool: PoolState, failure: string | null): void {
  if (pool.filesState !== 'closing') return;
  pool.filesState = 'closed';
  pool.filesFailure = failure;
  fillPool(context, pool);
}

/** Every task has its fate and no other can come; the last workers go, and the files are closed. */
function isOver(context: Context, pool: PoolState): boolean {
  const isOpen = pool.submitOpen && pool.stopWhy === null && pool.halted === null;
  if (isOpen || pool.sourceState !== 'ended' || pool.tasks.size > 0 || pool.recordPut !== null) return false;
  return !dismissCrew(context, pool) && pool.pendingRecords.length === 0 && !closeFiles(context, pool);
}

function endIfOver(context: Context, pool: PoolState): void {
  if (!isOver(context, pool)) return;
  const { missing } = pool;
  if (pool.taskCount + pool.notBegun + missing === 0 && pool.stopWhy === null && pool.halted === null) {
    context.report({ type: 'warning', code: 'MP840', message: `pool \`${pool.name}\` had no tasks`, instance: pool.name });
  }
  const stopWhy = whyStopped(context, pool);
  const lost = pool.filesFailure;
  if (stopWhy !== null) {
    if (lost !== null) context.report({ type: 'warning', code: 'MP844', message: `\`${pool.name}\`: ${lost}`, instance: pool.name });
    endPool(context, pool, { state: 'stopped', reason: 'stopped', why: stopWhy });
  } else if (pool.halted !== null || pool.failed > 0 || pool.cancelled > 0 || missing > 0) {
    // Where nothing could be read there is no task to be counted.
    const hasFailures = pool.taskCount + pool.notBegun > 0 && (pool.halted !== null || pool.failed > 0 || pool.cancelled > 0);
    const failures = hasFailures ? describeFailures(pool) : null;
    const why = [pool.halted, failures, missing === 0 ? null : `${describeMissing(missing)} [MP860]`, lost === null ? null : `${lost} [MP844]`].filter((part) => part !== null).join('; ');
    endPool(context, pool, { state: 'failed', reason: 'task_failed', why });
  } else if (lost !== null) {
    endPool(context, pool, { state: 'failed', reason: 'results_lost', why: `${lost} [MP844]` });
  } else {
    endPool(context, pool, { state: 'succeeded', reason: 'exited', why: `${pool.succeeded} tasks succeeded${describeSettled(pool)}` });
  }
}

/** It was stopped itself, or the run was before all of its tasks had begun. What had halted it before is the first cause. */
function whyStopped(context: Context, pool: PoolState): string | null {
  if (pool.halted !== null) return null;
  const isCutShort = pool.cancelled > 0 || pool.isCutOff;
  const why = pool.stopWhy ?? (isCutShort ? (context.run.cause?.why ?? null) : null);
  return why === null ? null : `${why}${describeNotBegun(pool, '; ')}`;
}

/** How a pool ends; `failsRun` is as the state says unless a skip was only a missing outcome. */
interface PoolEnd {
  readonly state: EndState;
  readonly reason: EndReason;
  readonly why: string;
  readonly failsRun?: boolean;
}

function endPool(context: Context, pool: PoolState, end: PoolEnd): void {
  const { state, reason, why } = end;
  enterPhase(context, pool, 'ended');
  pool.waits = [];
  if (pool.progressTimer !== null) pool.progressTimer.armed = false;
  const failsRun = (end.failsRun ?? state === 'failed') && !pool.plan.allowFailure;
  pool.end = { state, reason, why, exitcode: null, signal: null, failsRun };
  context.changedActors.add(pool.name);
  for (let slot = 1; slot <= pool.plan.workers; slot += 1) {
    context.effect({ type: 'close_instance', instance: `${pool.name}-${slot}` });
  }
  context.effect({ type: 'owner_ended', instance: pool.name, final: true });
  context.report({
    type: 'pool.ended',
    pool: pool.name,
    state,
    reason,
    succeeded: pool.succeeded,
    failed: pool.failed,
    cancelled: pool.cancelled,
    ...settledCounts(pool),
    durationMs: pool.firstStartedMs === null ? null : context.nowMs - pool.firstStartedMs,
    why,
    ...(pool.hint === null ? {} : { hint: pool.hint }),
    allowed: state === 'failed' && pool.plan.allowFailure,
  });
  context.post({ type: 'unit_ended', unit: pool.name });
}

/** Tells how far it is: at once where it was not told for a while, and otherwise when that is over. */
function reportProgress(context: Context, pool: PoolState): void {
  const done = pool.succeeded + pool.failed + pool.cancelled + pool.leftOut;
  if (done === 0 || pool.progressTimer?.armed === true) return;
  const dueMs = pool.lastProgressMs + progressPeriodMs;
  if (context.nowMs < dueMs) {
    pool.progressTimer = context.timers.arm(dueMs, { type: 'pool_progress', pool: pool.name });
    return;
  }
  pool.lastProgressMs = context.nowMs;
  context.report({
    type: 'pool.progress',
    pool: pool.name,
    done,
    failed: pool.failed,
    running: pool.running,
    ...settledCounts(pool),
    total: knownTotal(pool),
  });
}

/** What has happened since it was last told how far the pool is, is told now. */
export function progressDue(context: Context, pool: PoolState): void {
  if (pool.phase === 'running') reportProgress(context, pool);
}
