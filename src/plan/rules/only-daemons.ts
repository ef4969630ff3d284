import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { hasOnlyDaemons } from '../has-only-daemons.ts';
import type { RuleInput } from './rule.ts';

/** MP702: a run that has only daemons lasts until it is stopped. */
export function onlyDaemons(input: RuleInput): readonly Diagnostic[] {
  if (!hasOnlyDaemons(input.plan) || input.gaps.hidesWorks) return [];
  return [
    makeDiagnostic('MP702', 'there are only daemons, so the run lasts until it is stopped', {
      range: input.locate(['daemons'], 'key'),
      hint: 'end it with Ctrl-C, or move what ends by itself to `processes`',
    }),
  ];
}
