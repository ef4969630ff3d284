import type { Plan } from '../plan/plan.ts';
import { findActors } from './actor-world.ts';
import { alwaysDeadlocks, whichAlways } from './always-deadlocks.ts';
import { compilePlan } from './compile/compile-plan.ts';
import type { Budget } from './explore.ts';
import { type Judgement, judge, toldOf } from './judge.ts';
import { certifyOrder } from './order-certificate.ts';
import { unrolledSize } from './unrolled-size.ts';
import { countSlots } from '../plan/slots-of.ts';

/** Of larger plans it takes longer to find out than whoever starts a run has patience. */
const mostActors = 64;
/** And of those with more statements, every counted round of a loop counted: what comes before the search has no budget, and takes seconds. */
const mostStatements = 1000;

/**
 * How a plan deadlocks that always does, unless a command fails before; null where it need not, where that is not found out
 * within the budget, which holds for each of a few searches, or where the plan is too large to be looked at in a moment.
 */
export function certainDeadlock(plan: Plan, makeBudget: () => Budget): Judgement | null {
  if (plan.instances.length + countSlots(plan) > mostActors) return null;
  const { model } = compilePlan({ ...plan, onFailure: 'continue' });
  if (unrolledSize(model) > mostStatements || certifyOrder(findActors(model)).isProof) return null;
  if (!alwaysDeadlocks(plan, makeBudget())) return null;
  const judgement = judge(plan, makeBudget());
  const { verdict } = judgement;
  if (verdict.type !== 'counterexample') return null;
  const all = toldOf(verdict);
  const isAlways = whichAlways(plan, all.map(({ stuck }) => stuck.map(({ name }) => name)), makeBudget());
  return { ...judgement, verdict: { ...verdict, ...(all.find((_, index) => isAlways[index] === true) ?? all[0]), others: [] } };
}
