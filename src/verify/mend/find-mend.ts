import type { Plan } from '../../plan/plan.ts';
import type { Budget } from '../explore.ts';
import { judge, type Verdict } from '../judge.ts';
import { canSucceed } from './can-succeed.ts';
import type { Mend } from './mend.ts';
import { mendsFor } from './mends.ts';

/**
 * The first change of a plan that takes every deadlock out of it, and does not make it one that always fails instead without saying
 * so: with it the plan is proved. null where none is found within the budget.
 */
export function findMend(plan: Plan, verdict: Verdict, budget: Budget): Mend | null {
  if (verdict.type !== 'counterexample') return null;
  for (const mend of mendsFor(plan, verdict.stuck)) {
    if (!budget.mayGoOn(0)) return null;
    if (judge(mend.plan, budget).verdict.type === 'proved' && (mend.fails === true || canSucceed(mend.plan, budget))) return mend;
  }
  return null;
}
