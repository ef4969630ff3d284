import { deadlockFindings } from '../../src/verify/deadlock-finding.ts';
import type { Budget } from '../../src/verify/explore.ts';
import { judge } from '../../src/verify/judge.ts';
import { validPlan } from './plan-of-text.ts';

/** How sure the first deadlock is that is told of a spec; undefined where none is. */
export function certaintyOf(text: string, budget: Budget): string | null | undefined {
  const plan = validPlan(text);
  return deadlockFindings(plan, judge(plan, budget), () => ({ source: { name: 's', text: '' }, start: 0, end: 0 }))[0]?.certainty;
}
