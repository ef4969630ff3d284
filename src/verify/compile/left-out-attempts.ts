import type { PoolPlan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import type { Demand } from '../../sync/operation.ts';
import type { CompileContext } from './compile-context.ts';

/**
 * Whether it is of account that a task of a pool is tried again, which the model leaves out. One of a program begins as it did before, so that
 * to the others it is as if it had not begun yet, and may do as much at once as in all its attempts: unless it takes its holds anew, and they
 * have seen of the attempt before what it has done, or that what it holds was not there.
 */
export function leavesOutAttempts(context: CompileContext, { name, retry, body, declaredHolds }: PoolPlan, holds: readonly Demand[]): boolean {
  if (retry.attempts === 1) return false;
  if (body.type === 'steps') return true;
  if (holds.length === 0) return false;
  return declaredHolds.length + context.usesOf(name).length > 0 || context.works.some((work) => context.stepsOf(work.name).some((step) => triesAny(step, holds)));
}

/** Whether a step goes without what it asks for once it has waited long enough. */
function triesAny(step: Step, holds: readonly Demand[]): boolean {
  return (step.verb === 'acquire' || step.verb === 'with') && step.timeoutMs !== null && step.demands.some(({ name }) => holds.some((held) => held.name === name));
}
