import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { hasOnlyDaemons } from '../has-only-daemons.ts';
import type { RuleInput } from './rule.ts';

/** MP702: a run in which only daemons are started lasts until it is stopped. */
export function onlyDaemons(input: RuleInput): readonly Diagnostic[] {
  if (!hasOnlyDaemons(input.plan) || input.gaps.hidesWorks || input.gaps.mayHide('start')) return [];
  const isAlone = input.works.every((work) => 'kind' in work && work.kind !== 'process');
  return [
    makeDiagnostic('MP702', `${isAlone ? 'there are only daemons' : 'only daemons are started'}, so the run lasts until it is stopped`, {
      range: input.locate(['daemons'], 'key'),
      hint: 'end it with Ctrl-C, or move what ends by itself to `processes`',
    }),
  ];
}
