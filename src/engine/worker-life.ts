/*
 * The life of the long-lived worker of a slot: its initializer, its process, and what becomes of the
 * tasks in its hands when that ends. Of those only the first was begun, and an attempt of it has ended;
 * the others go back as they were.
 */
import type { CommandPlan } from '../plan/command.ts';
import type { Context } from './context.ts';
import { describeDuration } from './describe-duration.ts';
import type { InputTarget, OutputTarget } from './effect.ts';
import type { ProcessKey } from './engine-event.ts';
import { giveSlot } from './pool-tasks.ts';
import { defaultMaxLineBytes, killProcess, startProcess, stopProcess } from './process-life.ts';
import type { ProcessPurpose, ProcessState } from './process-state.ts';
import { releaseEverything } from './release-holds.ts';
import { emptyScope } from './scope.ts';
import { completeCommand, workerEnvironment } from './spawn-order.ts';
import { describeExit } from './step-outcome.ts';
import { callOffHolds, endTaskAttempt, recordExit, slotName } from './task-life.ts';
import type { PoolState, TaskState, WorkerState } from './unit-state.ts';
import { sendTasks } from './worker-current.ts';

/** Workers in a row that end without one answer, until nobody believes that the next one would do better. */
const mostFruitless = 5;

/** The streams of a worker or its initializer, where they are not as the pool says. */
type OwnStreams = { readonly stdin: InputTarget; readonly stdout: OutputTarget };

/** Starts a worker for the tasks that it was given already. */
export function startWorker(context: Context, pool: PoolState, worker: WorkerState): void {
  const { body } = pool.plan;
  if (body.type !== 'worker') return;
  worker.number += 1;
  if (body.initializer === null) {
    startProgram(context, pool, worker);
    return;
  }
  const streams: OwnStreams = { stdin: { type: 'null' }, stdout: { type: 'log' } };
  start(context, pool, worker, { command: body.initializer, streams, type: 'initializer' });
}

function startProgram(context: Context, pool: PoolState, worker: WorkerState): void {
  const { body } = pool.plan;
  if (body.type !== 'worker') return;
  const streams: OwnStreams = { stdin: { type: 'tasks' }, stdout: { type: 'answers' } };
  start(context, pool, worker, { command: body.command, streams, type: 'worker' });
}

/** What is started in a slot. */
interface Started {
  readonly command: CommandPlan;
  readonly streams: OwnStreams;
  readonly type: Extract<ProcessPurpose['type'], 'initializer' | 'worker'>;
}

function start(context: Context, pool: PoolState, worker: WorkerState, { command, streams, type }: Started): void {
  const { plan } = pool;
  const environment = workerEnvironment(context, plan, worker);
  const completed = completeCommand(context, emptyScope, command, environment, plan);
  if (!completed.ok) {
    breakPool(context, pool, `\`${slotName(pool, worker.slot)}\` cannot be started: ${completed.error}`);
    leave(context, pool, worker);
    return;
  }
  worker.phase = type === 'worker' ? 'starting' : 'initializing';
  worker.key = startProcess(
    context,
    {
      instance: slotName(pool, worker.slot),
      workingDir: plan.workingDir,
      ...completed.value,
      ...streams,
      collect: false,
      tty: false,
      slot: false,
      jobserver: context.jobservers.offeredBy(plan),
      maxLineBytes: defaultMaxLineBytes,
    },
    { type, pool: pool.name, slot: worker.slot },
    plan.stop,
  );
  for (const task of worker.tasks) task.process = worker.key;
}

/** Its process runs: it gets what waits for it. */
export function workerStarted(context: Context, pool: PoolState, worker: WorkerState): void {
  if (worker.phase !== 'starting' || !isReading(context, worker)) return;
  worker.phase = 'serving';
  worker.given = worker.tasks.length;
  worker.unsent = [...worker.tasks];
  if (worker.tasks.length > 0) sendTasks(context, pool, worker);
  else giveSlot(pool, worker.slot);
  context.post({ type: 'fill_pool', pool: pool.name });
}

/** The process of a worker or of its initializer is over. */
export function workerProcessDone(context: Context, pool: PoolState, worker: WorkerState, process: ProcessState): void {
  const name = slotName(pool, worker.slot);
  if (process.purpose.type === 'initializer') {
    const why = whyInitializerFailed(pool, process);
    if (why === null && worker.tasks.length > 0) {
      startProgram(context, pool, worker);
      return;
    }
    if (why !== null && process.stopping === null) breakPool(context, pool, `the initializer of \`${name}\` failed: ${why}`);
  } else {
    programDone(context, pool, worker, process);
  }
  leave(context, pool, worker);
}

function whyInitializerFailed({ plan }: PoolState, { exit, failure, stopping }: ProcessState): string | null {
  if (failure !== null) return failed(failure);
  if (stopping !== null) return stopping.why;
  const code = exit?.code ?? null;
  return code !== null && plan.successExitCodes.includes(code) ? null : describeExit('it', code, exit?.signal ?? null);
}

function programDone(context: Context, pool: PoolState, worker: WorkerState, process: ProcessState): void {
  const { failure, stopping } = process;
  const name = slotName(pool, worker.slot);
  if (failure !== null) {
    breakPool(context, pool, `\`${name}\` cannot be started: ${failed(failure)}`);
    return;
  }
  const why = stopping?.why ?? describeExit('its worker', process.exit?.code ?? null, process.exit?.signal ?? null);
  const [task] = worker.tasks;
  if (task?.phase === 'running') {
    worker.tasks.shift();
    recordExit(context, task, process);
    task.stdoutBytes = 0;
    task.slot = null;
    task.process = null;
    endTaskAttempt(context, pool, task, fateOf(stopping), why);
  }
  if (worker.answered > 0 || stopping?.cause === 'timed_out' || stopping?.cause === 'stopped') return;
  pool.fruitless += 1;
  if (pool.fruitless < mostFruitless) return;
  breakPool(context, pool, `${pool.fruitless} workers in a row have ended without an answer, at last \`${name}\`: ${why}`);
}

function fateOf(stopping: ProcessState['stopping']): 'lost' | 'timed_out' | 'cancelled' {
  if (stopping?.cause === 'timed_out') return 'timed_out';
  return stopping?.cause === 'stopped' ? 'cancelled' : 'lost';
}

function failed({ message, hint }: NonNullable<ProcessState['failure']>): string {
  return hint === null ? message : `${message} (${hint})`;
}

/** Nothing of it is left: its slot is free, and what it was given goes back. */
function leave(context: Context, pool: PoolState, worker: WorkerState): void {
  // What it holds goes with it, that of its task too, and of one that is about to come: it waits for that anew.
  const name = slotName(pool, worker.slot);
  const coming = pool.holding === null ? undefined : pool.tasks.get(pool.holding);
  if (coming !== undefined && coming.slot === worker.slot) {
    callOffHolds(context, pool, coming);
    putBack(pool, coming);
  }
  releaseEverything(context, name, false);
  context.closedBy(name).clear();
  for (const task of worker.tasks.splice(0)) putBack(pool, task);
  const wasFree = pool.freeSlots.includes(worker.slot);
  if (!wasFree) giveSlot(pool, worker.slot);
  if (worker.timer !== null) worker.timer.armed = false;
  Object.assign(worker, { phase: 'absent', key: null, unsent: [], given: 0, answered: 0, paceMs: Number.POSITIVE_INFINITY, timer: null });
  context.changedActors.add(pool.name);
  context.post({ type: 'fill_pool', pool: pool.name });
}

/** A task that was given to a worker and not begun is the next to be given. */
export function putBack(pool: PoolState, task: TaskState): void {
  task.phase = 'ready';
  task.slot = null;
  task.process = null;
  pool.ready.putBack(task.index);
}

/** The pool fails: no worker of it can be had, or none that works. */
function breakPool(context: Context, pool: PoolState, why: string): void {
  if (pool.stopWhy === null) pool.halted ??= why;
  context.changedActors.add(pool.name);
}

/** A worker that has nothing in its hands, or can answer no more, is to end: its input does, and then it has the time that it has to stop. */
export function dismissWorker(context: Context, pool: PoolState, worker: WorkerState): void {
  if (worker.key === null || worker.phase !== 'serving') return;
  worker.phase = 'ending';
  takeOut(pool, worker);
  if (!isReading(context, worker)) return;
  if (worker.timer !== null) worker.timer.armed = false;
  context.effect({ type: 'end_input', key: worker.key });
  worker.timer = context.timers.arm(context.nowMs + pool.plan.stop.graceMs, { type: 'worker_grace', pool: pool.name, slot: worker.slot, key: worker.key });
}

/** Whether anybody reads what it would be sent. */
export function isReading(context: Context, worker: WorkerState): boolean {
  const process = worker.key === null ? undefined : context.processes.get(worker.key);
  return process !== undefined && process.exit === null && process.stopping === null;
}

/** Its process has ended: what it has answered before may still be read, and it is given nothing any more. */
export function workerExited(pool: PoolState, worker: WorkerState): void {
  if (worker.tasks.length > 0 || worker.phase !== 'serving') return;
  worker.phase = 'ending';
  takeOut(pool, worker);
}

/** It has had its time after the end of its input. */
export function workerGraceOver(context: Context, pool: PoolState, worker: WorkerState, key: ProcessKey): void {
  if (worker.key !== key) return;
  if (worker.tasks.length > 0) {
    stopProcess(context, key, 'lost', 'its worker closed its standard output and did not end');
    return;
  }
  stopProcess(context, key, 'stopped', `it did not end within ${describeDuration(pool.plan.stop.graceMs)} after the end of its tasks`);
}

/** Ends a worker that does not keep to what a worker has to write; the task that it runs is lost. */
export function replaceWorker(context: Context, pool: PoolState, worker: WorkerState, why: string): void {
  if (worker.key === null) return;
  worker.phase = 'ending';
  takeOut(pool, worker);
  stopProcess(context, worker.key, 'lost', why);
}

/** Stops whatever of the workers of a pool is alive. */
export function stopCrew(context: Context, pool: PoolState, why: string, kill: boolean): void {
  for (const worker of pool.crew) {
    if (worker.key === null) continue;
    if (kill) killProcess(context, worker.key, 'stopped', why);
    else stopProcess(context, worker.key, 'stopped', why);
  }
}

/** Sends every worker away, as nothing is left to do; true as long as one is there. */
export function dismissCrew(context: Context, pool: PoolState): boolean {
  for (const worker of pool.crew) {
    dismissWorker(context, pool, worker);
    if (worker.phase === 'initializing' && worker.key !== null) stopProcess(context, worker.key, 'stopped', 'nothing is left to do');
  }
  return pool.crew.some(({ phase }) => phase !== 'absent');
}

function takeOut(pool: PoolState, { slot }: WorkerState): void {
  const place = pool.freeSlots.indexOf(slot);
  if (place >= 0) pool.freeSlots.splice(place, 1);
}
