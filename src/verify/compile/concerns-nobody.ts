import type { PoolPlan } from '../../plan/plan.ts';
import { walkSteps } from '../../plan/walk-steps.ts';
import type { CompileContext } from './compile-context.ts';
import { countTasks } from './compile-resources.ts';
import { listsTasks } from './lists-tasks.ts';
import { mayBeEnded } from './may-be-ended.ts';

/** Steps that concern nothing by which processes wait for each other, and do not say how the task ends. */
const ownVerbs: ReadonlySet<string> = new Set(['print', 'sleep', 'run', 'repeat', 'add', 'store', 'load']);

/**
 * Whether the others see nothing of the tasks of a pool but when all have ended, and how, which is up to their programs: these take, hold and
 * give nothing that anybody else takes, nobody else gives the pool tasks or ends it. Then it is one which task a slot takes and when, since a
 * task may take as long as it likes.
 */
export function concernsNobody(context: CompileContext, pool: PoolPlan): boolean {
  const { plan } = context;
  const { name, body, holds, declaredHolds } = pool;
  if (plan.maxParallel !== null || holds.length + declaredHolds.length > 0 || mayBeEnded(context, name)) return false;
  const isMet = plan.actors.some((actor) => {
    if (actor.who === name) return actor.by.type !== 'moment' && actor.by.type !== 'start_wait';
    return actor.name === name && actor.action === 'submit';
  });
  // One without a task always succeeds.
  if (isMet || (listsTasks(pool) && countTasks(context, name) === 0)) return false;
  return body.type !== 'steps' || [...walkSteps(body.steps)].every((step) => ownVerbs.has(step.verb) && !context.isUnsure(step));
}
