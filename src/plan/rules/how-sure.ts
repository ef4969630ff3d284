import type { Step } from '../step.ts';

/** What a failure at a step means, and whether the steps come to it at all. */
export interface HowSure {
  /** It, or a step around it, may fail: what fails there fails nothing. */
  readonly isSpared: boolean;
  /** It is not in the rounds of an `each`, of which there may be none, nor in what runs only when the time of a wait is over, or is not. */
  readonly isReached: boolean;
}

/** Says of each step how sure it is that its failure fails the process, in one pass over the steps. */
export function howSure(steps: readonly Step[]): ReadonlyMap<Step, HowSure> {
  const known = new Map<Step, HowSure>();
  note(steps, { isSpared: false, isReached: true }, known);
  return known;
}

function note(steps: readonly Step[], around: HowSure, known: Map<Step, HowSure>): void {
  for (const step of steps) {
    const own = { ...around, isSpared: around.isSpared || step.allowFailure };
    known.set(step, own);
    const isPassed = step.verb === 'with' && step.timeoutMs !== null && step.onTimeout.type !== 'fail';
    if (step.verb === 'with' || step.verb === 'repeat') note(step.steps, isPassed ? { ...own, isReached: false } : own, known);
    if (step.verb === 'each') note(step.steps, { ...own, isReached: false }, known);
    if (step.onTimeout.type === 'steps') note(step.onTimeout.steps, { ...own, isReached: false }, known);
  }
}
