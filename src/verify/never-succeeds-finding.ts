import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../diagnostics/make-diagnostic.ts';
import type { SourceRange } from '../diagnostics/source.ts';
import type { Place } from '../base/place.ts';
import type { FailsRun } from './every-run-fails.ts';

/** MP907, of those one of whom fails each run; null of nobody. */
export function neverSucceedsFinding(who: readonly FailsRun[], locate: (place: Place, part: 'key' | 'value') => SourceRange): Diagnostic | null {
  const [first, ...others] = who;
  if (first === undefined) return null;
  const what = first.isStarted ? 'fails here' : 'fails or is skipped before it starts';
  return makeDiagnostic('MP907', `no run can succeed: in each of them \`${first.name}\` ${what}${others.length === 0 ? '' : `, or ${others.map(({ name }) => `\`${name}\``).join(' or ')} fails before`}`, {
    range: locate(first.place, 'value'),
    related: others.map(({ name, place }) => ({ message: `\`${name}\` may fail here`, range: locate(place, 'value') })),
    hint: 'let it wait only for what still comes then, or, where that is meant, give the step `allow_failure: true`',
  });
}
