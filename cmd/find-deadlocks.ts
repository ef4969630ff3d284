import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import type { Plan } from '../src/plan/plan.ts';
import { monotonicMs } from '../src/runtime/monotonic-ms.ts';
import { whichAlways } from '../src/verify/always-deadlocks.ts';
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
/** For all changes that might mend it together, and for what comes of a plan without its timeouts. */
const mendSearch = { mostMs: 500, mostStates: 50_000 };

/** What a search may take that somebody waits for. */
export function usualBudget(): Budget {
  return searchBudget(usualSearch);
}

/** The deadlocks that were found, with how often they come about and what would mend them, unless `told` says already what they come of; or one that only a timeout ends. */
export function findDeadlocks(plan: Plan, judgement: Judgement, locate: NonNullable<PreparedPlan['locate']>, told: readonly Diagnostic[]): readonly Diagnostic[] {
  const { verdict } = judgement;
  const names = verdict.type === 'counterexample' ? toldOf(verdict).map(({ stuck }) => stuck.map(({ name }) => name)) : [];
  const areCertain = names.length === 0 ? [] : whichAlways(plan, names, usualBudget());
  const mends = findMends(plan, verdict, searchBudget(mendSearch));
  const deadlocks = deadlockFindings(plan, judgement, locate, areCertain.map((isCertain, index) => ({ mend: mends[index] ?? null, isCertain })));
  const areTold = deadlocks.length > 0 && deadlocks.every(({ severity }) => severity === 'warning') && isToldAlready(plan, told, locate, searchBudget(mendSearch));
  const hidden = timeoutHidesDeadlock(plan, judgement, locate, searchBudget(mendSearch));
  return [...(areTold ? [] : deadlocks), ...(hidden === null ? [] : [hidden])];
}

/** For whether any run can succeed. */
const successSearch = { mostMs: 300, mostStates: 50_000 };

/** MP907 of a plan that is proved not to deadlock; null where a run may succeed, or `told` says why it cannot. */
export function findNeverSucceeds(plan: Plan, { verdict }: Judgement, locate: NonNullable<PreparedPlan['locate']>, told: readonly Diagnostic[]): Diagnostic | null {
  if (verdict.type !== 'proved' || told.some(({ severity }) => severity === 'error')) return null;
  const finding = neverSucceedsFinding(whoFailsEveryRun(plan, searchBudget(successSearch)), locate);
  const ranges = [finding?.range, ...(finding?.related ?? []).map(({ range }) => range)].filter((range) => range !== null && range !== undefined);
  const isTold = told.some(({ certainty, range }) => certainty === 'every run' && range !== null && ranges.some((one) => one.source === range.source && one.start < range.end && range.start < one.end));
  return isTold ? null : finding;
}

/** MP410 of a plan that is proved not to deadlock; null where nobody misses what he waits for, or that is not found out. */
export function findLostNotification(plan: Plan, judgement: Judgement, locate: NonNullable<PreparedPlan['locate']>): Diagnostic | null {
  return lostNotification(plan, judgement, locate, searchBudget(mendSearch));
}

function searchBudget({ mostMs, mostStates }: typeof usualSearch): Budget {
  const untilMs = monotonicMs() + mostMs;
  return { maxStates: mostStates, mayGoOn: () => monotonicMs() < untilMs };
}
