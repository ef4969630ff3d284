import type { PoolPlan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import { innerSteps } from '../../plan/walk-steps.ts';
import { type CompileContext, handleFailureEvent, handleQueue } from './compile-context.ts';
import { isForGood } from './is-for-good.ts';

/**
 * Of the queues of tasks that are submitted to a pool with a handle, the event that is set when one of these fails: whoever waits for their
 * results fails with that, though others of them are not over. Of a handle that is used but once; of all others it is not told which tasks
 * of those that were ever submitted with it have failed.
 */
export function handleFailures(context: CompileContext, pool: PoolPlan): ReadonlyMap<string, string> {
  const { name } = pool;
  if (!isForGood(pool) || !context.mayTaskFail(name)) return new Map();
  return new Map(
    context.works.flatMap((work) => {
      if ('workers' in work || work.body.type !== 'steps' || work.restart !== 'no' || context.isOrdered(work.name)) return [];
      const handles = context.stepsOf(work.name).flatMap((step) => (step.verb === 'submit' && step.as !== null ? [step.as] : []));
      const once = stepsOnce(work.body.steps).flatMap((step) => (step.verb === 'submit' && step.as !== null && step.pool === name ? [step.as] : []));
      return once.filter((handle) => handles.indexOf(handle) === handles.lastIndexOf(handle)).map((handle) => [handleQueue(name, work.name, handle), handleFailureEvent(name, work.name, handle)] as const);
    }),
  );
}

/** Those that are done no more than once: whatever is not in a loop. */
function stepsOnce(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...(step.verb === 'each' || step.verb === 'repeat' ? [] : innerSteps(step).flatMap(stepsOnce))]);
}
