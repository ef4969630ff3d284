import type { JsonTemplate } from '../../base/template.ts';
import type { PoolPlan } from '../../plan/plan.ts';
import { walkSteps } from '../../plan/walk-steps.ts';
import type { PartOfPool } from '../part-of-pool.ts';
import type { CompileContext } from './compile-context.ts';
import { concernsNobody } from './concerns-nobody.ts';
import { mayBeEnded } from './may-be-ended.ts';
import { submitsToItself } from './submits-to-itself.ts';
import { failsByTasksOnly, mayLackItem, taskFailures } from './task-failures.ts';
import { whereTakesCount } from './where-takes-count.ts';

/**
 * Says where the model of a pool does more than the pool: its slots may be late, and how its tasks have ended is of no account for how the
 * pool does. Each is of account only for what has come about by it.
 */
export function sayDoubtsOfPool(context: CompileContext, pool: PoolPlan): void {
  const { name, place, retry, successExitCodes } = pool;
  if (submitsToItself(context.plan).has(name)) {
    context.assume('coarser', `\`${name}\` waits for tasks that only its own could lead to`, place, { of: name, part: 'is_open' });
    // In a run it has ended by then, and whoever ends it comes too late.
    if (mayBeEnded(context, name)) context.assume('left_out', `the end of \`${name}\` by itself once it has no task`, place);
  }
  if (mayLackItem(pool)) context.assume('coarser', `a task of \`${name}\` may have no item`, place, { of: name, part: 'is_known' });
  const takes = `a slot of \`${name}\` ${context.hasTasksInOrder(name) ? 'may be late to take its next task' : 'takes whichever task there is'}`;
  if (isSeenAtOnce(context, pool) || failsAtOnce(context, pool)) {
    context.assume('coarser', takes, place);
    return;
  }
  const counts = concernsNobody(context, pool) ? null : whereTakesCount(context, pool);
  if (counts !== null) context.assume('coarser', takes, place, { of: name, part: counts });
  if (counts === 'acts' || !context.mayTaskFail(name)) return;
  // With which code a task ends shows in no step of the model.
  const mayExit = context.stepsOf(name).some((step) => step.verb === 'exit' && !isSuccess(step.code, successExitCodes));
  if (retry.attempts > 1) context.assume('coarser', `a task of \`${name}\` that has failed may be tried again`, place, { of: name, part: mayExit || mayLackItem(pool) ? 'acts' : 'is_misknown' });
  if (isKnown(context, pool)) return;
  context.assume('coarser', `\`${name}\` may fail or succeed whatever its tasks do`, place, { of: name, part: partIfUnknown(pool, mayExit) });
}

/** Where it is of account that nobody knows whether a task of a pool has failed: one without an item does so in no step of its own. */
function partIfUnknown(pool: PoolPlan, mayExit: boolean): PartOfPool {
  if (mayExit) return 'acts';
  return mayLackItem(pool) ? 'is_known' : 'is_misknown';
}

/** The model has the pool fail where one of its tasks has, and only there. */
function isKnown(context: CompileContext, pool: PoolPlan): boolean {
  return taskFailures(context, pool).event !== null && failsByTasksOnly(pool);
}

function isSuccess(code: JsonTemplate, successExitCodes: readonly number[]): boolean {
  return typeof code === 'number' && successExitCodes.includes(code);
}

/** Steps that take no time. */
const quickVerbs: ReadonlySet<string> = new Set(['print', 'repeat', 'add', 'store', 'load', 'exit']);

/** Whether a task may fail, and the run be stopped by that where a failure does, before anybody has done anything. */
function failsAtOnce(context: CompileContext, { body, allowFailure, successExitCodes }: PoolPlan): boolean {
  if (body.type !== 'steps' || allowFailure) return false;
  const slow = body.steps.findIndex(({ verb }) => !quickVerbs.has(verb));
  const quick = slow === -1 ? body.steps : body.steps.slice(0, slow);
  return [...walkSteps(quick)].some((step) => context.isUnsure(step) || (step.verb === 'exit' && !isSuccess(step.code, successExitCodes)));
}

/**
 * Whether others see how many tasks it has, as at a barrier, or wait for what its commands write, which comes from nobody in the model; or
 * whether it matters that it has begun, or ended, before somebody clears what it sets then.
 */
function isSeenAtOnce(context: CompileContext, { name, sets }: PoolPlan): boolean {
  const isMet = context.plan.actors.some(({ who, action, by }) => who === name && (by.type === 'stdio' || (action === 'wait' && by.type !== 'start_wait')));
  return isMet || sets.some(({ events }) => events.some((event) => context.mayBeCleared(event)));
}
