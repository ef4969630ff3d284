import type { PoolPlan } from '../../plan/plan.ts';
import { walkSteps } from '../../plan/walk-steps.ts';
import type { CompileContext } from './compile-context.ts';

/** Steps that concern nothing by which processes wait for each other. */
const ownVerbs: ReadonlySet<string> = new Set(['print', 'sleep', 'run', 'exit', 'repeat', 'add', 'store', 'load']);

/**
 * Whether the others see nothing of the tasks of a pool but when all have ended: these take, hold and give nothing that anybody else takes,
 * nobody else gives the pool tasks or ends it. Then it is one which task a slot takes and when, since a task may take as long as it likes.
 */
export function concernsNobody({ plan }: CompileContext, { name, body, holds, declaredHolds }: PoolPlan): boolean {
  if (plan.maxParallel !== null || holds.length + declaredHolds.length > 0) return false;
  const isMet = plan.actors.some((actor) => {
    if (actor.who === name) return actor.by.type !== 'moment' && actor.by.type !== 'start_wait';
    return actor.name === name && (actor.action === 'submit' || actor.action === 'start');
  });
  const isEnded = [...plan.instances, ...plan.pools].some((work) => work.body.type === 'steps' && endsPool(work.body.steps, name));
  return !isMet && !isEnded && (body.type !== 'steps' || [...walkSteps(body.steps)].every(({ verb }) => ownVerbs.has(verb)));
}

function endsPool(steps: Parameters<typeof walkSteps>[0], pool: string): boolean {
  return [...walkSteps(steps)].some((step) => (step.verb === 'terminate' || step.verb === 'kill') && step.pool && step.name === pool);
}
