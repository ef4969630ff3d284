import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Plan } from '../plan.ts';
import { allRules } from './all-rules.ts';
import { ruleInput } from './rule-input.ts';
import type { CheckedFacts } from './rule-input.ts';

/** Applies all rules. Each leaves out what depends on something that could not be read or resolved. */
export function checkPlan(plan: Plan, facts: CheckedFacts): readonly Diagnostic[] {
  const input = ruleInput(plan, facts);
  return allRules.flatMap((rule) => rule(input));
}
