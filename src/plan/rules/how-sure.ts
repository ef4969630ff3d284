import type { InstancePlan, PoolPlan } from '../plan.ts';
import { roundsOf } from '../rounds-of.ts';
import type { Step } from '../step.ts';
import { walkSteps } from '../walk-steps.ts';
import { mayTimeOut, waysOutOf } from '../ways-out.ts';
import type { RuleInput } from './rule.ts';

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

/** Of several that fail in the same way, the one that is told first: it refuses the spec if any does. */
export function heaviest(weights: readonly Weight[]): Weight | undefined {
  return weights.toSorted((left, right) => Object.keys(left).length - Object.keys(right).length)[0];
}

/** What a finding weighs where that is not what the catalogue says. */
export interface Weight {
  readonly severity?: 'warning';
  readonly certainty?: 'some interleaving' | 'possible';
}

/** What waits or fails only unless somebody ends it, or the run, before. */
const unlessEnded: Weight = { severity: 'warning', certainty: 'some interleaving' };

/** What fails only where it starts, as it need not. */
const onceStarted: Weight = { severity: 'warning', certainty: 'possible' };

type Ends = Pick<RuleInput, 'isEndedByOthers' | 'mayNeverStart' | 'endOfDaemons'>;

/** Whether a fault of these steps refuses the spec, and how sure it is: where the process may fail, or others may end it before, the run goes on. */
export function weightOf(input: Ends, work: InstancePlan | PoolPlan, how: Pick<HowSure, 'isReached'>): Weight {
  return spared(work, weightOfWait(input, work, how));
}

/** The same of a fault before the start, behind so many waits: a daemon that starts by itself and waits for nothing before comes to it as soon as the run has begun. */
export function weightOfStart(input: Ends, work: InstancePlan | PoolPlan, waitsBefore: number): Weight {
  const isLater = isDaemon(work) && (!work.autostart || (waitsBefore > 0 ? input.endOfDaemons !== 'never' : input.endOfDaemons === 'at_once'));
  if (input.mayNeverStart(work)) return onceStarted;
  return spared(work, isLater || input.isEndedByOthers(work) ? unlessEnded : {});
}

function spared({ allowFailure }: InstancePlan | PoolPlan, weight: Weight): Weight {
  return allowFailure ? { ...weight, severity: 'warning' } : weight;
}

/** The same of a wait that lasts for ever, whether whoever waits may fail or not; null of one before the start, of which a daemon that is ended with the run never comes to an end. */
export function weightOfWait(input: Ends, work: InstancePlan | PoolPlan, how: Pick<HowSure, 'isReached'> | null = null): Weight {
  if (how !== null && input.mayNeverStart(work)) return onceStarted;
  if (input.isEndedByOthers(work)) return reached(work, how, unlessEnded);
  if (!isDaemon(work) || input.endOfDaemons === 'never') return reached(work, how, {});
  return how === null ? { severity: 'warning' } : reached(work, how, unlessEnded);
}

function reached(work: InstancePlan | PoolPlan, how: Pick<HowSure, 'isReached'> | null, weight: Weight): Weight {
  return how === null || (how.isReached && !mayHaveNoTask(work)) ? weight : { ...weight, certainty: 'possible' };
}

/** Whether it is ended with the run, unless that has nothing but daemons. */
export function isDaemon(work: InstancePlan | PoolPlan): boolean {
  return 'kind' in work && work.kind === 'daemon';
}

/** A pool that gets its tasks from elsewhere may get none, and does nothing then. */
function mayHaveNoTask(work: InstancePlan | PoolPlan): boolean {
  if (!('tasks' in work)) return false;
  const { tasks } = work;
  return tasks.type === 'items' || tasks.type === 'matrix' ? tasks.items.length === 0 : tasks.type !== 'range';
}
