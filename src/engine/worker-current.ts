/* The task that a long-lived worker runs: the first that it was given and has not answered. */
import type { Context } from './context.ts';
import { emptyScope } from './scope.ts';
import { argvOf } from './spawn-order.ts';
import { workerTaskCommand } from './task-command.ts';
import type { PoolState, TaskState, WorkerState } from './unit-state.ts';

/** Hands over what a worker was given, and lets the first of it begin where it had none. */
export function sendTasks(context: Context, pool: PoolState, worker: WorkerState): void {
  const tasks = worker.unsent;
  if (worker.key === null || tasks.length === 0) return;
  worker.unsent = [];
  context.effectFirst({ type: 'send_tasks', key: worker.key, tasks });
  if (worker.tasks[0]?.phase === 'given') beginCurrent(context, pool, worker);
}

/** The next task in its hands is the one that it runs now. */
export function beginCurrent(context: Context, pool: PoolState, worker: WorkerState): void {
  const [task] = worker.tasks;
  if (task === undefined) return;
  const { nowMs } = context;
  task.phase = 'running';
  task.attempt += 1;
  task.process = worker.key;
  task.worker = worker.slot;
  // From its beginning on: the job log tells of a task that was lost, too.
  if (pool.plan.joblog !== null) task.command = commandOf(context, pool, task);
  task.startedMs ??= nowMs;
  task.attemptStartedMs = nowMs;
  pool.running += 1;
  worker.sinceMs = nowMs;
  context.report({ type: 'task.started', pool: pool.name, task: task.index, worker: worker.slot, attempt: task.attempt });
  const { taskTimeoutMs } = pool.plan;
  if (taskTimeoutMs === null) return;
  worker.deadlineMs = nowMs + taskTimeoutMs;
  if (worker.timer?.armed === true) return;
  worker.timer = context.timers.arm(worker.deadlineMs, { type: 'worker_timeout', pool: pool.name, slot: worker.slot });
}

function commandOf(context: Context, { plan }: PoolState, task: TaskState): string {
  const argv = plan.body.type === 'worker' ? argvOf(context, emptyScope, plan.body.command) : null;
  return workerTaskCommand(task.index, task.item, argv?.ok === true ? argv.value : []);
}
