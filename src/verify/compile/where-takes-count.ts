import type { InstancePlan, PoolPlan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import { innerSteps, walkSteps } from '../../plan/walk-steps.ts';
import type { PartOfPool } from '../part-of-pool.ts';
import type { CompileContext } from './compile-context.ts';
import { taskQueuesOf } from './compile-resources.ts';
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
  if (!context.hasTasksInOrder(name) || !context.works.every((work) => areHandlesApart(context, work, name))) return 'acts';
  return tasks.type === 'none' ? null : 'is_overtaken';
}

/**
 * Whether each handle is of the tasks of one `submit` whenever somebody waits for their results: in the model it is of all that were ever
 * submitted with it. So it is where that comes right behind the `submit`, and where there is but one that is done once.
 */
function areHandlesApart(context: CompileContext, work: InstancePlan | PoolPlan, pool: string): boolean {
  if (work.body.type !== 'steps') return true;
  const { steps } = work.body;
  const submits = [...walkSteps(steps)].filter((step) => step.verb === 'submit' && step.pool === pool && step.as !== null);
  const awaited = new Set(listsOf(steps).flatMap((list) => list.filter((step, index) => isResultOf(list[index + 1], step))));
  if (submits.every((step) => awaited.has(step))) return true;
  if ('workers' in work || work.restart !== 'no' || context.isOrdered(work.name)) return false;
  const isInLoop = [...walkSteps(steps)].some((step) => (step.verb === 'repeat' || step.verb === 'each') && [...walkSteps(step.steps)].some((one) => submits.includes(one)));
  return !isInLoop && new Set(submits.map(({ as }) => as)).size === submits.length;
}

function listsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  return [steps, ...steps.flatMap((step) => innerSteps(step).flatMap(listsOf))];
}

function isResultOf(next: Step | undefined, submit: Step): boolean {
  return next?.verb === 'result' && next.handle === submit.as && next.timeoutMs === null;
}
