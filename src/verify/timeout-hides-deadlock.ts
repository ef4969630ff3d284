import type { Place } from '../base/place.ts';
import { alwaysDeadlocks } from './always-deadlocks.ts';
import { makesDoubtful } from './assumption.ts';
import type { Certainty } from '../diagnostics/certainty.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../diagnostics/make-diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import { describeDuration } from '../plan/render/describe-duration.ts';
import { poolsBySlot } from '../plan/slots-of.ts';
import type { Step } from '../plan/step.ts';
import { isUpToProgram, nameStuck, sayWait, sayWay } from './deadlock-finding.ts';
import type { Budget } from './explore.ts';
import { type Judgement, judge } from './judge.ts';
import { editSteps, stands } from './mend/edit-steps.ts';
import { findMend } from './mend/find-mend.ts';
import type { StuckActor } from './told-deadlock.ts';

/**
 * MP705, of a plan that was proved: some would wait for each other for ever if it were not for the `timeout` of a step, a process or the
 * tasks of a pool, whose failure is all that comes of it. Not where the step says what else to do then, or may fail: there somebody has
 * thought of it. null also where nothing is found within the budget.
 */
export function timeoutHidesDeadlock(plan: Plan, { verdict }: Judgement, locate: Parameters<typeof sayWay>[1], budget: Budget): Diagnostic | null {
  if (verdict.type !== 'proved') return null;
  const removed = new Map<Place, number>();
  const lives = new Map<string, number>();
  const mayFail = new Set([...plan.instances, ...plan.pools].flatMap(({ name, allowFailure }) => (allowFailure ? [name] : [])));
  const patient = withoutLifeTimes(
    editSteps(plan, (steps, who) => (mayFail.has(who) ? steps : steps.map((step) => withoutTimeout(step, removed)))),
    lives,
  );
  if (removed.size + lives.size === 0) return null;
  const { verdict: hidden, assumptions } = judge(patient, budget, 'one');
  if (hidden.type !== 'counterexample') return null;
  const isCoarse = makesDoubtful(assumptions, hidden);
  const { stuck, steps } = hidden;
  // One alone waits for what a program need not do, for which a timeout is right.
  if (stuck.length < 2 || stuck.some((one) => one.waitsFor.length === 0)) return null;
  const isCertain = alwaysDeadlocks(patient, budget);
  if (!isCertain && stuck.some((one) => isUpToProgram(plan, one, stuck))) return null;
  const pools = poolsBySlot(plan);
  const [first] = stuck.flatMap((one): readonly Timed[] => {
    const ofStep = [...removed].flatMap(([place, timeoutMs]) => (stands({ place }, one.place) ? [{ one, timeoutMs, isOfStep: true }] : []));
    const ofLife = [...lives].flatMap(([name, timeoutMs]) => ((one.isStarted && one.name === name) || pools.get(one.name) === name ? [{ one, timeoutMs, isOfStep: false }] : []));
    return [...ofStep, ...ofLife];
  });
  if (first === undefined) return null;
  const { one, timeoutMs, isOfStep } = first;
  const mend = findMend(patient, hidden, budget);
  const advice = mend === null || mend.fails === true ? 'remove one of these waits, or let it come after what the others wait for' : mend.hint;
  const often: Certainty = isCoarse ? 'possible' : 'some interleaving';
  return makeDiagnostic('MP705', `${nameStuck(stuck)} ${isCertain ? '' : 'can '}come to wait for each other, and only the \`timeout\` of \`${one.name}\` ends that: it fails after ${describeDuration(timeoutMs)}`, {
    certainty: isCertain ? 'every run' : often,
    range: locate(one.place, 'value'),
    related: [...sayWay(steps, locate), ...stuck.flatMap((other) => (other === one ? [] : [{ message: sayWait(other), range: locate(other.place, 'value') }]))],
    hint: `${advice}${isOfStep ? '; where the wait is to end so, say what is to be done then: `on_timeout`' : ''}`,
  });
}

function withoutTimeout(step: Step, removed: Map<Place, number>): Step {
  if (step.timeoutMs === null || step.timeoutMs === 0 || step.onTimeout.type !== 'fail' || step.allowFailure || step.verb === 'run') return step;
  removed.set(step.place, step.timeoutMs);
  return { ...step, timeoutMs: null };
}

/** Somebody who is stuck until his time is over. */
interface Timed {
  readonly one: StuckActor;
  readonly timeoutMs: number;
  /** Of the very step, and not of all that he does. */
  readonly isOfStep: boolean;
}

function withoutLifeTimes(plan: Plan, lives: Map<string, number>): Plan {
  return {
    ...plan,
    instances: plan.instances.map((instance) => {
      if (instance.timeoutMs === null || instance.allowFailure) return instance;
      lives.set(instance.name, instance.timeoutMs);
      return { ...instance, timeoutMs: null };
    }),
    pools: plan.pools.map((pool) => {
      if (pool.taskTimeoutMs === null || pool.allowFailure) return pool;
      lives.set(pool.name, pool.taskTimeoutMs);
      return { ...pool, taskTimeoutMs: null };
    }),
  };
}
