import type { Context } from './context.ts';
import type { PoolState } from './unit-state.ts';

/** The pool that has a slot of this name; undefined where none has. */
export function poolOfSlot(context: Context, name: string): PoolState | undefined {
  return context.pools.get(name.replace(/-\d+$/u, ''));
}

/** Whether what an instance, or a task in a slot, gets of this queue stays in hand until a `task_done`. */
export function keepsInHand(context: Context, name: string, queue: string): boolean {
  const unit = context.instances.get(name) ?? poolOfSlot(context, name);
  return unit?.plan.taskDoneQueues.includes(queue) ?? false;
}
