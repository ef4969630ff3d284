import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import type { Plan } from '../src/plan/plan.ts';
import { monotonicMs } from '../src/runtime/monotonic-ms.ts';
import { certainDeadlock } from '../src/verify/certain-deadlock.ts';
import { deadlockFindings } from '../src/verify/deadlock-finding.ts';
import type { Budget } from '../src/verify/explore.ts';
import type { PreparedPlan } from './prepare-plan.ts';

/** What a search before a run may take: whoever wants to know more calls `mpctl check`. */
const mostStates = 10_000;
const mostSearchMs = 50;

/** MP901 of a plan that always deadlocks, as far as that is found out in a moment; null of any other. */
export function findCertainDeadlock(plan: Plan, locate: PreparedPlan['locate']): Diagnostic | null {
  const judgement = locate === null ? null : certainDeadlock(plan, moment);
  const finding = judgement === null || locate === null ? null : deadlockFindings(plan, judgement, locate, [{ isCertain: true }])[0] ?? null;
  return finding === null ? null : { ...finding, hint: `${finding.hint ?? '`mpctl check` looks for what mends it'}; \`--no-check\` runs it nevertheless` };
}

function moment(): Budget {
  const untilMs = monotonicMs() + mostSearchMs;
  return { maxStates: mostStates, mayGoOn: () => monotonicMs() < untilMs };
}
