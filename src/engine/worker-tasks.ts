/*
 * How the tasks of a pool come to its long-lived workers, and what these answer. A worker runs its tasks
 * one after the other, in the order in which it was given them. While they take next to no time, some more
 * are in reserve there, so that it has not to wait for mpctl: to wake a worker for each costs more than
 * such a task. As soon as one takes longer, those behind it are given back, and none is given ahead.
 */
import type { Json } from '../base/json.ts';
import type { Context } from './context.ts';
import type { WorkerAnswer } from './engine-event.ts';
import { nextTask } from './pool-source.ts';
import { giveSlot, takeSlot } from './pool-tasks.ts';
import { taskDemands } from './pool-waits.ts';
import { killProcess } from './process-life.ts';
import { releaseDemands } from './release-holds.ts';
import { beginTask, endTaskAttempt, slotName, taskTimedOut } from './task-life.ts';
import type { PoolState, TaskState, WorkerState } from './unit-state.ts';
import { beginCurrent, sendTasks } from './worker-current.ts';
import { dismissWorker, isReading, putBack, replaceWorker, startWorker } from './worker-life.ts';

/** So long may all tasks together take that wait behind another, in ms, if they go on as those before; and so many may they be. */
const reserveMs = 5;
const mostReserve = 31;
/** So much of a line that is no answer is shown. */
const mostShown = 200;

/** The worker of a slot. */
export function workerOf(pool: PoolState, slot: number): WorkerState | undefined {
  return pool.crew[slot - 1];
}

/** Gives tasks to those who have none, and then to those who would have none in next to no time. */
export function feedWorkers(context: Context, pool: PoolState): void {
  const isHeld = taskDemands(context, pool.plan).length > 0;
  while (pool.freeSlots.length > 0 && pool.holding === null && pool.halted === null) {
    const task = nextTask(context, pool);
    if (task === null) break;
    if (isHeld || task.refusal !== null) {
      beginTask(context, pool, task);
      continue;
    }
    const worker = workerOf(pool, takeSlot(pool, null) ?? 0);
    if (worker !== undefined) give(context, pool, worker, withChunk(context, pool, worker, task));
  }
  // An item of a queue is there for whoever takes it first.
  if (!isHeld && pool.plan.tasks.type !== 'queue') giveReserves(context, pool);
  for (const worker of pool.crew) sendTasks(context, pool, worker);
}

function giveReserves(context: Context, pool: PoolState): void {
  for (const worker of pool.crew) {
    const most = Math.min(mostReserve, Math.ceil(reserveMs / worker.paceMs) - 1);
    // Many at a time: each time it is woken.
    if (worker.tasks.length - 1 > most / 2 || !takesReserve(context, pool, worker)) continue;
    while (worker.tasks.length <= most && roomOf(pool, worker) > 0 && pool.halted === null) {
      const task = nextTask(context, pool);
      if (task === null) return;
      if (task.refusal === null) give(context, pool, worker, withChunk(context, pool, worker, task));
      else beginTask(context, pool, task);
    }
  }
}

/** It has a task, and reads what it is sent. */
function takesReserve(context: Context, pool: PoolState, worker: WorkerState): boolean {
  return worker.tasks.length > 0 && worker.phase === 'serving' && pool.halted === null && isReading(context, worker);
}

/** So many tasks more it may be given before it is replaced. */
function roomOf({ plan }: PoolState, { given }: WorkerState): number {
  return plan.body.type === 'worker' && plan.body.maxTasks !== null ? plan.body.maxTasks - given : Number.POSITIVE_INFINITY;
}

/** A task with those that are handed over together with it. */
function withChunk(context: Context, pool: PoolState, worker: WorkerState, first: TaskState): readonly TaskState[] {
  const { body, tasks: source } = pool.plan;
  if (body.type !== 'worker' || body.chunk === 1 || source.type === 'queue') return [first];
  const tasks = [first];
  const most = Math.min(body.chunk, roomOf(pool, worker));
  while (tasks.length < most) {
    const task = nextTask(context, pool);
    if (task === null) break;
    if (task.refusal === null) tasks.push(task);
    else beginTask(context, pool, task);
  }
  return tasks;
}

function give(context: Context, pool: PoolState, worker: WorkerState, tasks: readonly TaskState[]): void {
  for (const task of tasks) {
    task.phase = 'given';
    task.slot = worker.slot;
    worker.tasks.push(task);
  }
  worker.given += tasks.length;
  if (worker.phase === 'serving') worker.unsent.push(...tasks);
  else startWorker(context, pool, worker);
}

/** A task has what it is to hold: the worker of its slot gets it. */
export function taskHeld(context: Context, pool: PoolState, task: TaskState): void {
  if (task.phase !== 'holds' || task.slot === null) return;
  const worker = workerOf(pool, task.slot);
  if (worker === undefined) return;
  if (worker.phase === 'ending') {
    // It has ended meanwhile: what is held in its slot goes with it. The task finds another, or waits for this one.
    releaseDemands(context, slotName(pool, worker.slot), taskDemands(context, pool.plan));
    task.tokens = {};
    putBack(pool, task);
    return;
  }
  give(context, pool, worker, [task]);
  sendTasks(context, pool, worker);
}

/** Takes back a task that no worker has seen yet; false where one has it in its hands. */
export function withdrawTask(context: Context, pool: PoolState, task: TaskState): boolean {
  const worker = task.slot === null ? undefined : workerOf(pool, task.slot);
  if (worker === undefined || worker.phase === 'serving' || worker.phase === 'ending') return false;
  releaseDemands(context, slotName(pool, worker.slot), taskDemands(context, pool.plan));
  worker.tasks.splice(worker.tasks.indexOf(task), 1);
  task.slot = null;
  task.process = null;
  return true;
}

/** What a worker has written, as much as was read of it at once; `isLast`: it can answer nothing after that. */
export function answersRead(context: Context, pool: PoolState, worker: WorkerState, answers: readonly WorkerAnswer[], isLast: boolean): void {
  const process = worker.key === null ? undefined : context.processes.get(worker.key);
  if (process === undefined) return;
  const count = answers.filter(({ type }) => type !== 'returned').length;
  if (count > 0) worker.paceMs = (context.nowMs - worker.sinceMs) / count;
  for (const [index, answer] of answers.entries()) {
    // What comes after it was told to end is late.
    if (worker.phase !== 'serving' || process.stopping !== null) return;
    const wrong = whatIsWrong(worker, answer);
    if (wrong !== null) {
      refuse(context, pool, worker, wrong);
      return;
    }
    if (answer.type === 'returned') {
      takeBack(pool, worker, answer.tasks);
      continue;
    }
    if (answer.type === 'result' || answer.type === 'error') taskAnswered(context, pool, worker, answer);
    if (pool.halted !== null && pool.plan.onHalt === 'kill') {
      worker.phase = 'ending';
      killProcess(context, process.key, 'stopped', pool.halted);
    } else if ((process.exit === null && !isLast) || index < answers.length - 1) {
      beginCurrent(context, pool, worker);
    }
  }
  if (worker.tasks.length > 0 || worker.phase !== 'serving') return;
  if (process.exit === null && roomOf(pool, worker) > 0) giveSlot(pool, worker.slot);
  else dismissWorker(context, pool, worker);
}

/** Null where it is the answer that is awaited. */
function whatIsWrong({ tasks }: WorkerState, answer: WorkerAnswer): string | null {
  const [task, ...reserve] = tasks;
  if (answer.type === 'returned') {
    const isRight = answer.tasks.every((index) => reserve.some((one) => one.index === index));
    return isRight ? null : `that it gives back what it was not given: \`${shown(answer.line)}\``;
  }
  if (answer.type === 'too_long') return `a line of more than ${answer.mostBytes / 1024 / 1024} MiB, which no answer may have: \`${shown(answer.line)}\``;
  if (answer.type === 'stray') return `a line that is no answer${answer.why === undefined ? '' : `, since ${answer.why}`}: \`${shown(answer.line)}\``;
  if (answer.task === task?.index) return null;
  const instead = task === undefined ? 'it has no task' : `it has task ${task.index}`;
  return `an answer for task ${answer.task}, and ${instead}: \`${shown(answer.line)}\``;
}

function shown(line: string): string {
  return line.length > mostShown ? `${line.slice(0, mostShown)}…` : line;
}

function refuse(context: Context, pool: PoolState, worker: WorkerState, wrong: string): void {
  const instance = slotName(pool, worker.slot);
  context.report({ type: 'warning', code: 'MP850', message: `the worker \`${instance}\` wrote ${wrong}; it is replaced`, instance });
  replaceWorker(context, pool, worker, `its worker wrote ${wrong}`);
}

/** Tasks that it has not begun go to whoever is free before. */
function takeBack(pool: PoolState, worker: WorkerState, indexes: readonly number[]): void {
  worker.paceMs = Number.POSITIVE_INFINITY;
  const returned = new Set(indexes);
  const kept = worker.tasks.filter(({ index }) => !returned.has(index));
  for (const task of worker.tasks) if (returned.has(task.index)) putBack(pool, task);
  worker.given -= worker.tasks.length - kept.length;
  worker.tasks.splice(0, worker.tasks.length, ...kept);
}

function taskAnswered(context: Context, pool: PoolState, worker: WorkerState, answer: Extract<WorkerAnswer, { type: 'result' | 'error' }>): void {
  const task = worker.tasks.shift();
  if (task === undefined) return;
  worker.answered += 1;
  pool.fruitless = 0;
  const { plan } = pool;
  const demands = taskDemands(context, plan);
  if (demands.length > 0) releaseDemands(context, slotName(pool, worker.slot), demands);
  task.tokens = {};
  task.slot = null;
  task.process = null;
  task.stdoutBytes = answer.bytes;
  // An earlier attempt may have ended with its worker.
  task.signal = null;
  task.hint = null;
  if (answer.type === 'error') {
    task.exitcode = 1;
    endTaskAttempt(context, pool, task, 'failed', answer.error);
    return;
  }
  task.exitcode = 0;
  task.value = answer.value;
  if (plan.results.type === 'none' && plan.stdout.type === 'log') log(context, pool, worker, answer.value);
  endTaskAttempt(context, pool, task, 'succeeded', 'it was answered');
}

/** As one line, whatever it is. */
function log(context: Context, pool: PoolState, worker: WorkerState, value: Json): void {
  const text = typeof value !== 'string' || value.includes('\n') ? JSON.stringify(value) : value;
  context.effect({ type: 'print', instance: slotName(pool, worker.slot), target: { type: 'log' }, workingDir: pool.plan.workingDir, text, machine: null });
}

/** The time of the task that a worker runs may be over. */
export function workerTimeoutDue(context: Context, pool: PoolState, worker: WorkerState): void {
  worker.timer = null;
  const [task] = worker.tasks;
  if (task?.phase !== 'running' || worker.phase !== 'serving') return;
  if (worker.deadlineMs > context.nowMs) {
    worker.timer = context.timers.arm(worker.deadlineMs, { type: 'worker_timeout', pool: pool.name, slot: worker.slot });
    return;
  }
  worker.phase = 'ending';
  taskTimedOut(context, pool, task);
}

/** Whether a worker goes on by itself: it comes or goes, or it has only so much time for its task. */
export function crewGoesOn(pool: PoolState): boolean {
  return pool.crew.some(({ phase, tasks, timer }) => {
    if (phase === 'absent') return false;
    return phase !== 'serving' || (tasks.length > 0 && timer?.armed === true);
  });
}
