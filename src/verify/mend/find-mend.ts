import type { Plan } from '../../plan/plan.ts';
import type { Budget } from '../explore.ts';
import { isProved, judge, toldOf, type Verdict } from '../judge.ts';
import type { StuckActor, ToldDeadlock } from '../told-deadlock.ts';
import { canSucceed } from './can-succeed.ts';
import type { Mend } from './mend.ts';
import { lastMendsFor, mendsFor } from './mends.ts';

/** So many states are looked at of each change before any is looked at for longer, so that one that leads nowhere takes no time from the others. */
const quickly = 2_000;

/**
 * The first change of a plan that takes every deadlock out of it, and does not make it one that always fails instead without saying
 * so: with it the plan is proved. null where none is found within the budget, or where it takes several.
 */
export function findMend(plan: Plan, verdict: Verdict, budget: Budget): Mend | null {
  if (verdict.type !== 'counterexample' || verdict.others.length > 0) return null;
  return firstMend(plan, verdict.stuck, budget, (mend, share) => isMended(mend, share));
}

/**
 * Of each deadlock of a plan the first change that takes it out, so that with all of them the plan is proved. null of each where that is
 * not so, or is not found within the budget.
 */
export function findMends(plan: Plan, verdict: Verdict, budget: Budget): readonly (Mend | null)[] {
  if (verdict.type !== 'counterexample') return [];
  const all = toldOf(verdict);
  const found: Mend[] = [];
  for (const [index, { stuck }] of all.entries()) {
    const left = all.slice(index + 1);
    const mend = firstMend(found.at(-1)?.plan ?? plan, stuck, budget, (one, share) => (left.length === 0 ? isMended(one, share) : leavesOnly(one, left, share)));
    if (mend === null) return all.map(() => null);
    found.push(mend);
  }
  return found;
}

function firstMend(plan: Plan, stuck: readonly StuckActor[], budget: Budget, isGood: (mend: Mend, share: Budget) => boolean): Mend | null {
  for (const maxStates of [quickly, budget.maxStates]) {
    const share: Budget = { ...budget, maxStates };
    for (const mend of mendsFor(plan, stuck)) {
      if (!budget.mayGoOn(0)) return null;
      if (isGood(mend, share)) return mend;
    }
  }
  for (const mend of lastMendsFor(plan, stuck)) {
    if (!budget.mayGoOn(0)) return null;
    if (isGood(mend, budget)) return mend;
  }
  return null;
}

function isMended({ plan, fails }: Mend, budget: Budget): boolean {
  return isProved(plan, budget) && (fails === true || canSucceed(plan, budget));
}

/** Of what is found then all is known. Whether that is all shows when the last is mended. */
function leavesOnly({ plan }: Mend, others: readonly ToldDeadlock[], budget: Budget): boolean {
  const { verdict } = judge(plan, budget, 'one');
  const known = new Set(others.flatMap(({ stuck }) => stuck.map(({ name }) => name)));
  return verdict.type === 'counterexample' && toldOf(verdict).every(({ stuck }) => stuck.every(({ name }) => known.has(name)));
}
