import type { Place } from '../base/place.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../diagnostics/make-diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import { describeDuration } from '../plan/render/describe-duration.ts';
import type { Step } from '../plan/step.ts';
import { isUpToProgram, nameStuck, sayWait, sayWay } from './deadlock-finding.ts';
import type { Budget } from './explore.ts';
import { type Judgement, judge } from './judge.ts';
import { editSteps, stands } from './mend/edit-steps.ts';

/**
 * MP705, of a plan that was proved: some would wait for each other for ever if it were not for the `timeout` of a step, whose failure is
 * all that comes of it. Not where the step says what else to do then, or may fail: there somebody has thought of it. null also where
 * nothing is found within the budget.
 */
export function timeoutHidesDeadlock(plan: Plan, { verdict }: Judgement, locate: Parameters<typeof sayWay>[1], budget: Budget): Diagnostic | null {
  if (verdict.type !== 'proved') return null;
  const removed = new Map<Place, number>();
  const patient = editSteps(plan, (steps) => steps.map((step) => withoutTimeout(step, removed)));
  if (removed.size === 0) return null;
  const { verdict: hidden, assumptions } = judge(patient, budget);
  if (hidden.type !== 'counterexample' || assumptions.some(({ kind }) => kind === 'coarser')) return null;
  const { stuck, steps } = hidden;
  // One alone waits for what a program need not do, for which a timeout is right.
  if (stuck.length < 2 || stuck.some((one) => one.waitsFor.length === 0 || isUpToProgram(plan, one, stuck))) return null;
  const timed = stuck.flatMap((one) => [...removed].flatMap(([place, timeoutMs]) => (stands({ place }, one.place) ? [{ one, timeoutMs }] : [])));
  const [first] = timed;
  if (first === undefined) return null;
  const { one, timeoutMs } = first;
  return makeDiagnostic('MP705', `${nameStuck(stuck)} can come to wait for each other, and only the \`timeout\` of \`${one.name}\` ends that: it fails after ${describeDuration(timeoutMs)}`, {
    range: locate(one.place, 'value'),
    related: [...sayWay(steps, locate), ...stuck.flatMap((other) => (other === one ? [] : [{ message: sayWait(other), range: locate(other.place, 'value') }]))],
    hint: 'take the `timeout` out to see with `mpctl check` how to mend it; where the wait is to end so, say what is to be done then: `on_timeout`',
  });
}

function withoutTimeout(step: Step, removed: Map<Place, number>): Step {
  if (step.timeoutMs === null || step.timeoutMs === 0 || step.onTimeout.type !== 'fail' || step.allowFailure || step.verb === 'run') return step;
  removed.set(step.place, step.timeoutMs);
  return { ...step, timeoutMs: null };
}
