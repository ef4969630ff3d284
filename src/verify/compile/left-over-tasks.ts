import type { PoolPlan } from '../../plan/plan.ts';
import type { Script, Way } from '../model.ts';
import { firstOf, forever } from '../script-words.ts';
import type { CompileContext } from './compile-context.ts';
import { taskQueuesOf } from './compile-resources.ts';
import { overEvent } from './pool-over.ts';

/**
 * A pool that is started again does not have the tasks that were left when it ended, since these were cancelled (`src/engine/pool-life.ts`).
 * What is submitted to it in the very moment of its start may be taken for one of these.
 */
export function leftOverTasks(context: CompileContext, pool: PoolPlan): Script {
  const { name, place } = pool;
  if (!context.mayBeStarted(name)) return [];
  const queues = taskQueuesOf(context, name);
  const drops = queues.map((queue): Way => ({ operation: { do: 'get', queue, keeps: false }, next: [] }));
  const none: Way = { operation: { do: 'await', facts: queues.map((queue) => ({ type: 'all_done', queue })) }, next: [{ type: 'leave' }] };
  const dropsAll: Script = [forever([firstOf([...drops, none], place)])];
  const over = overEvent(context, pool);
  // Before its first start others may have submitted some.
  return over === null ? dropsAll : [firstOf([{ operation: { do: 'await', facts: [{ type: 'event', event: over }] }, next: dropsAll }, { operation: { do: 'nothing' }, unless: over, next: [] }], place)];
}
