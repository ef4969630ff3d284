import type { InstancePlan, PoolPlan } from '../plan.ts';
import { roundsOf } from '../rounds-of.ts';
import type { Step } from '../step.ts';
import { walkSteps } from '../walk-steps.ts';
import { mayTimeOut, waysOutOf } from '../ways-out.ts';

/** What a failure at a step means, and whether the steps come to it at all. */
export interface HowSure {
  /** It, or a step around it, may fail: what fails there fails nothing. */
  readonly isSpared: boolean;
  /**
   * They come to it unless they fail before: it is not in the rounds of an `each`, of which there may be none, nor in what runs only
   * when the time of a wait is over, or is not, nor behind what may be the last of them.
   */
  readonly isReached: boolean;
}

/** Says of each step how sure it is that its failure fails the process, in one pass over the steps; nothing of those that are never reached. */
export function howSure(steps: readonly Step[]): ReadonlyMap<Step, HowSure> {
  const known = new Map<Step, HowSure>();
  note(steps, { isSpared: false, isReached: true, isInLoop: false }, known);
  return known;
}

/** The same, where it is known whether a loop is around. */
interface Around extends HowSure {
  readonly isInLoop: boolean;
}

function note(steps: readonly Step[], around: Around, known: Map<Step, HowSure>): void {
  let { isReached } = around;
  for (const step of steps) {
    noteOne(step, { ...around, isReached }, known);
    const { through, endsLoop } = waysOutOf(step);
    if (!through) return;
    // At the end of a stream the rest of a round is left out; where there is no loop around, it is a failure.
    if ((endsLoop && around.isInLoop) || mayBeLast(step)) isReached = false;
  }
}

function noteOne(step: Step, around: Around, known: Map<Step, HowSure>): void {
  const own = { ...around, isSpared: around.isSpared || step.allowFailure };
  const { isSpared, isReached } = own;
  known.set(step, { isSpared, isReached });
  const isPassed = step.verb === 'with' && step.timeoutMs !== null && step.onTimeout.type !== 'fail';
  if (step.verb === 'with') note(step.steps, isPassed ? { ...own, isReached: false } : own, known);
  if (step.verb === 'repeat' && roundsOf(step.rounds) > 0) note(step.steps, { ...own, isInLoop: true }, known);
  if (step.verb === 'each') note(step.steps, { isSpared, isReached: false, isInLoop: true }, known);
  if (step.onTimeout.type === 'steps' && mayTimeOut(step)) note(step.onTimeout.steps, { ...own, isReached: false }, known);
}

/** Whether it may end the process or the run without a failure. */
function mayBeLast(step: Step): boolean {
  return [...walkSteps([step])].some(({ verb }) => verb === 'exit' || verb === 'shutdown');
}

/** Whether a fault of these steps refuses the spec, and how sure it is: where the process may fail, the run goes on. */
export function weightOf(work: InstancePlan | PoolPlan, { isReached }: HowSure): { readonly severity?: 'warning'; readonly certainty?: 'possible' } {
  return { ...(work.allowFailure ? { severity: 'warning' as const } : {}), ...(isReached && !mayHaveNoTask(work) ? {} : { certainty: 'possible' as const }) };
}

/** A pool that gets its tasks from elsewhere may get none, and does nothing then. */
function mayHaveNoTask(work: InstancePlan | PoolPlan): boolean {
  if (!('tasks' in work)) return false;
  const { tasks } = work;
  return tasks.type === 'items' || tasks.type === 'matrix' ? tasks.items.length === 0 : tasks.type !== 'range';
}
