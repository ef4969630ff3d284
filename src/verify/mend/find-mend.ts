import type { Plan } from '../../plan/plan.ts';
import type { Budget } from '../explore.ts';
import { judge, type Verdict } from '../judge.ts';
import { canSucceed } from './can-succeed.ts';
import type { Mend } from './mend.ts';
import { lastMendsFor, mendsFor } from './mends.ts';

/** So many states are looked at of each change before any is looked at for longer, so that one that leads nowhere takes no time from the others. */
const quickly = 2_000;

/**
 * The first change of a plan that takes every deadlock out of it, and does not make it one that always fails instead without saying
 * so: with it the plan is proved. null where none is found within the budget.
 */
export function findMend(plan: Plan, verdict: Verdict, budget: Budget): Mend | null {
  if (verdict.type !== 'counterexample') return null;
  for (const maxStates of [quickly, budget.maxStates]) {
    const share: Budget = { ...budget, maxStates };
    for (const mend of mendsFor(plan, verdict.stuck)) {
      if (!budget.mayGoOn(0)) return null;
      if (isMended(mend, share)) return mend;
    }
  }
  for (const mend of lastMendsFor(plan, verdict.stuck)) {
    if (!budget.mayGoOn(0)) return null;
    if (isMended(mend, budget)) return mend;
  }
  return null;
}

function isMended({ plan, fails }: Mend, budget: Budget): boolean {
  return judge(plan, budget).verdict.type === 'proved' && (fails === true || canSucceed(plan, budget));
}
