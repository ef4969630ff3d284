import { walkSteps } from '../../plan/walk-steps.ts';
import type { InstancePlan, PoolPlan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import type { CompileContext } from './compile-context.ts';

/**
 * Says of steps that are done with an item within the `each` that has given it, and take others of the same queue, that it is not followed
 * which of them they have in hand: a run is done with the oldest (language page, "In hand"), and the `each` at its end with its own.
 */
export function sayWhichIsDone(context: CompileContext, { name, body, taskDoneQueues }: InstancePlan | PoolPlan): void {
  if (body.type !== 'steps') return;
  for (const queue of taskDoneQueues) {
    const takes = [...walkSteps(body.steps)].filter((step) => takesFrom(step, queue));
    const isDone = (step: Step): boolean => step.verb === 'task_done' && step.queue === queue;
    const loop = takes.find((step) => step.verb === 'each' && [...walkSteps(step.steps)].some(isDone));
    if (loop !== undefined && takes.length > 1 && context.handsMatter(queue)) context.assume('left_out', `which items of \`${queue}\` \`${name}\` has in hand within its \`each\``, loop.place);
  }
}

function takesFrom(step: Step, queue: string): boolean {
  return (step.verb === 'get' && step.queue === queue) || (step.verb === 'each' && step.source.kind === 'queue' && step.source.name === queue);
}
