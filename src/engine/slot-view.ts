import type { Json } from '../base/json.ts';
import { describeTask } from '../base/describe-task.ts';
import type { ActorIndex } from './can-act.ts';
import { callWaits } from './call-wait-reasons.ts';
import type { Context } from './context.ts';
import { commandOf } from './stop-view.ts';
import { seenStreamWaits } from './stream-waits.ts';
import { slotName } from './task-life.ts';
import type { PoolState, TaskState, WorkerState } from './unit-state.ts';
import { providersOf } from './unit-waits.ts';
import { waitViews } from './wait-view.ts';

interface SlotsView {
  readonly context: Context;
  readonly index: ActorIndex;
  /** Whether it is to be seen what the commands sleep in. */
  readonly looksAt: boolean;
}

/** The slots of a pool in which something lives, as `mpctl ps` tells them. */
export function slotViews(view: SlotsView, pool: PoolState): readonly Json[] {
  if (pool.plan.body.type === 'worker') return pool.crew.flatMap((worker) => workerView(view, pool, worker));
  return [...pool.tasks.values()].flatMap((task) => taskView(view, pool, task));
}

function taskView({ context, index, looksAt }: SlotsView, pool: PoolState, task: TaskState): readonly Json[] {
  if (task.phase !== 'running' || task.slot === null) return [];
  const name = slotName(pool, task.slot);
  const key = commandOf(context, task);
  const command = key === null ? undefined : context.processes.get(key);
  const machine = task.machine === null ? undefined : context.machines.get(task.machine);
  const steps = (machine?.waits ?? []).map((wait) => ({ ...wait, by: wait.by.length > 0 ? wait.by : providersOf(context, index, name, wait) }));
  return [
    {
      name,
      task: describeTask(task.index, task.item),
      state: command !== undefined && command.stopping !== null ? 'stopping' : 'running',
      for_ms: Math.round(context.nowMs - (task.attemptStartedMs ?? context.nowMs)),
      pid: command?.pid ?? null,
      attempt: task.attempt,
      waits: waitViews(context, name, [...steps, ...callWaits(context, index, name), ...(key !== null && looksAt ? seenStreamWaits(context, index, key) : [])]),
    },
  ];
}

function workerView({ context, index }: SlotsView, pool: PoolState, worker: WorkerState): readonly Json[] {
  const process = worker.key === null ? undefined : context.processes.get(worker.key);
  if (process === undefined) return [];
  const name = slotName(pool, worker.slot);
  const [task] = worker.tasks;
  const isAtWork = worker.phase === 'serving' && task !== undefined;
  const workState = isAtWork ? 'running' : 'idle';
  return [
    {
      name,
      task: task === undefined ? null : describeTask(task.index, task.item),
      state: worker.phase === 'serving' ? workState : worker.phase,
      for_ms: Math.round(context.nowMs - (isAtWork ? worker.sinceMs : process.startedMs)),
      pid: process.pid,
      attempt: worker.number,
      waits: waitViews(context, name, callWaits(context, index, name)),
    },
  ];
}
