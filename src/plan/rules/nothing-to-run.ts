import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { RuleInput } from './rule.ts';

/** MP712: a spec that runs nothing succeeds at once, which is hardly what somebody meant. */
export function nothingToRun(input: RuleInput): readonly Diagnostic[] {
  if (input.gaps.hidesWorks) return [];
  if (input.plan.pools.length > 0 || input.plan.instances.some(({ kind }) => kind !== 'finally')) return [];
  return [
    makeDiagnostic('MP712', 'there is nothing to run: no process, no daemon and no pool', {
      range: input.locate([], 'value'),
      hint: 'add one under `processes`; `mpctl init` writes an example',
    }),
  ];
}
