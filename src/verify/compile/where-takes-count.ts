import type { PoolPlan } from '../../plan/plan.ts';
import type { PartOfPool } from '../part-of-pool.ts';
import type { CompileContext } from './compile-context.ts';
import { taskQueuesOf } from './compile-resources.ts';
import { isHandleApart } from './handles-apart.ts';
import { mayBeEnded } from './may-be-ended.ts';

/**
 * Where it may make a difference when a slot of a pool takes its next task, and which slot does; null where it never does. In a run each task
 * is taken as soon as there is a slot for it; but nobody sees that before its first step, and a task may be as slow with that as it likes. So
 * what comes about where slots are late comes about in a run, too, if only the next task is the same in both: where all are alike, or each
 * comes behind those that were submitted before, and none is submitted while one of its own would have been taken. Not where one that is not
 * taken may be cancelled, nor where its result stands in a line. One that is tried again has failed before, which is a doubt of its own.
 */
export function whereTakesCount(context: CompileContext, pool: PoolPlan): PartOfPool | null {
  const { name, body, declaredHolds, tasks, halt, results } = pool;
  // What programs of tasks do by themselves has no turns in a schedule.
  if (body.type === 'worker' || context.usesOf(name).length + declaredHolds.length > 0) return 'acts';
  if (halt !== null || results.type === 'queue' || mayBeEnded(context, name)) return 'acts';
  if (taskQueuesOf(context, name).length === 1) return tasks.type === 'queue' && context.actorsOf('submit', name).length > 0 ? 'acts' : null;
  if (!context.hasTasksInOrder(name) || !context.works.every((work) => areHandlesApart(context, work.name, name))) return 'acts';
  return tasks.type === 'none' ? null : 'is_overtaken';
}

function areHandlesApart(context: CompileContext, who: string, pool: string): boolean {
  const handles = new Set(context.stepsOf(who).flatMap((step) => (step.verb === 'submit' && step.pool === pool ? (step.as ?? []) : [])));
  return [...handles].every((handle) => isHandleApart(context, who, handle));
}
