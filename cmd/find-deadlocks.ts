import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import type { Plan } from '../src/plan/plan.ts';
import { processorMs } from '../src/runtime/processor-ms.ts';
import { whichAlways } from '../src/verify/always-deadlocks.ts';
import { countSlots } from '../src/plan/slots-of.ts';
import { deadlockFindings } from '../src/verify/deadlock-finding.ts';
import { whoFailsEveryRun } from '../src/verify/every-run-fails.ts';
import type { Budget } from '../src/verify/explore.ts';
import { type Judgement, toldOf } from '../src/verify/judge.ts';
import { lostNotification } from '../src/verify/lost-notification.ts';
import { findMends } from '../src/verify/mend/find-mend.ts';
import { neverSucceedsFinding } from '../src/verify/never-succeeds-finding.ts';
import { isToldAlready } from '../src/verify/same-cause.ts';
import { timeoutHidesDeadlock } from '../src/verify/timeout-hides-deadlock.ts';
import type { PreparedPlan } from './prepare-plan.ts';

/** So long, and over so many states, is looked for a deadlock where no order proves that there is none. */
const usualSearch = { mostMs: 1000, mostStates: 250_000 };
/** Of what a search has found more is found out by counted work, and not by a clock: a busy machine tells the same. Each of these takes a few milliseconds. */
const certaintySearch = { mostAsked: 100, mostStates: 250_000 };
/** For all changes that might mend it together, and for what comes of a plan without its timeouts. */
const mendSearch = { mostAsked: 100, mostStates: 50_000 };

/** So many are compiled in the time that a search takes between two questions. */
const actorsByQuestion = 16;

/** What a search may take that somebody waits for. */
export function usualBudget(): Budget {
  return timedBudget(usualSearch);
}

/** The deadlocks that were found, with how often they come about and what would mend them, unless `told` says already what they come of; or one that only a timeout ends. */
export function findDeadlocks(plan: Plan, judgement: Judgement, locate: NonNullable<PreparedPlan['locate']>, told: readonly Diagnostic[]): readonly Diagnostic[] {
  const { verdict } = judgement;
  const names = verdict.type === 'counterexample' ? toldOf(verdict).map(({ stuck }) => stuck.map(({ name }) => name)) : [];
  const areCertain = names.length === 0 ? [] : whichAlways(plan, names, countedBudget(plan, certaintySearch));
  const mends = findMends(plan, verdict, countedBudget(plan, mendSearch));
  const deadlocks = deadlockFindings(plan, judgement, locate, areCertain.map((isCertain, index) => ({ mend: mends[index] ?? null, isCertain })));
  const areTold = deadlocks.length > 0 && deadlocks.every(({ severity }) => severity === 'warning') && isToldAlready(plan, told, locate, countedBudget(plan, mendSearch));
  const hidden = timeoutHidesDeadlock(plan, judgement, locate, countedBudget(plan, mendSearch));
  return [...(areTold ? [] : deadlocks), ...(hidden === null ? [] : [hidden])];
}

/** For whether any run can succeed. */
const successSearch = { mostMs: 300, mostStates: 50_000 };

/** MP907 of a plan that is proved not to deadlock; null where a run may succeed, or `told` says why it cannot. */
export function findNeverSucceeds(plan: Plan, { verdict }: Judgement, locate: NonNullable<PreparedPlan['locate']>, told: readonly Diagnostic[]): Diagnostic | null {
  if (verdict.type !== 'proved' || told.some(({ severity }) => severity === 'error')) return null;
  const finding = neverSucceedsFinding(whoFailsEveryRun(plan, timedBudget(successSearch)), locate);
  const ranges = [finding?.range, ...(finding?.related ?? []).map(({ range }) => range)].filter((range) => range !== null && range !== undefined);
  const isTold = told.some(({ certainty, range }) => certainty === 'every run' && range !== null && ranges.some((one) => one.source === range.source && one.start < range.end && range.start < one.end));
  return isTold ? null : finding;
}

/** MP410 of a plan that is proved not to deadlock; null where nobody misses what he waits for, or that is not found out. */
export function findLostNotification(plan: Plan, judgement: Judgement, locate: NonNullable<PreparedPlan['locate']>): Diagnostic | null {
  return lostNotification(plan, judgement, locate, countedBudget(plan, mendSearch));
}

/** By the time of a processor, so that a busy machine proves what an idle one does. */
function timedBudget({ mostMs, mostStates }: typeof usualSearch): Budget {
  const untilMs = processorMs() + mostMs;
  return { maxStates: mostStates, mayGoOn: () => processorMs() < untilMs };
}

/**
 * What several searches may take together, whatever else the machine does. Between two questions each of them does only so much; before
 * another one begins, of a plan that has to be compiled anew, the question counts for more the larger that is.
 */
export function countedBudget(plan: Plan, { mostAsked, mostStates }: typeof mendSearch): Budget {
  const toBegin = 1 + Math.floor((plan.instances.length + countSlots(plan)) / actorsByQuestion);
  let asked = 0;
  const mayGoOn = (states: number): boolean => {
    asked += states === 0 ? toBegin : 1;
    return asked <= mostAsked;
  };
  return { maxStates: mostStates, mayGoOn };
}
