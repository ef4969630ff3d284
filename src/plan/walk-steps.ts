import type { Step } from './step.ts';

/** The lists of steps inside a step: its body, and what runs instead when its time runs out. */
export function innerSteps(step: Step): readonly (readonly Step[])[] {
  const body =
    step.verb === 'with' || step.verb === 'each' || step.verb === 'repeat' ? [step.steps] : [];
  return step.onTimeout.type === 'steps' ? [...body, step.onTimeout.steps] : body;
}

/** Every step of a list and of what is nested in it, in the order written. */
export function* walkSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const inner of innerSteps(step)) yield* walkSteps(inner);
  }
}

/** Every list of steps, the one itself first and then those nested in it: what stands in one is done one after the other. */
export function stepLists(steps: readonly Step[]): readonly (readonly Step[])[] {
  return [steps, ...steps.flatMap((step) => innerSteps(step).flatMap(stepLists))];
}

/**
 * Whether a wait that cannot come true would fail this step and with it the process: not where the
 * user has said what else to do.
 */
export function failsWhenImpossible(step: Step): boolean {
  return step.onTimeout.type === 'fail' && !step.allowFailure;
}
