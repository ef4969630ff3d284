import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Plan } from '../plan.ts';
import { absenceRules, presenceRules } from './all-rules.ts';
import { ruleInput } from './rule-input.ts';
import type { CheckedFacts } from './rule-input.ts';

/**
 * Applies the rules. Of a plan in which something could not be resolved only those that conclude from
 * what is there, since what seems to be missing may be what could not be read.
 */
export function checkPlan(
  plan: Plan,
  facts: CheckedFacts,
  isComplete: boolean,
): readonly Diagnostic[] {
  const input = ruleInput(plan, facts);
  const rules = isComplete ? [...presenceRules, ...absenceRules] : presenceRules;
  return rules.flatMap((rule) => rule(input));
}
