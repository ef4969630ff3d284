import type { Certainty } from './certainty.ts';
import { catalogue, type DiagnosticCode } from './catalogue.ts';
import type { CodeEntry } from './code-entry.ts';
import type { Diagnostic, RelatedPlace, Series } from './diagnostic.ts';
import type { Severity } from './severity.ts';
import type { SourceRange } from './source.ts';

/** What a finding may carry besides its code and sentence; what is left out is empty. */
export interface DiagnosticDetails {
  readonly range?: SourceRange | null;
  readonly related?: readonly RelatedPlace[];
  readonly note?: string | null;
  readonly hint?: string | null;
  readonly series?: Series | null;
  /** These only where the same code weighs differently from what the catalogue says. */
  readonly severity?: Severity;
  readonly certainty?: Certainty;
}

/** What the catalogue says of a code. */
export function entryOf(code: DiagnosticCode): CodeEntry {
  return catalogue()[code];
}

/** Makes a finding; its severity and certainty are the catalogue's unless the details name others. */
export function makeDiagnostic(code: DiagnosticCode, message: string, details: DiagnosticDetails = {}): Diagnostic {
  return {
    code,
    severity: details.severity ?? entryOf(code).severity,
    certainty: details.certainty ?? entryOf(code).certainty ?? null,
    message,
    range: details.range ?? null,
    related: details.related ?? [],
    note: details.note ?? null,
    hint: details.hint ?? null,
    series: details.series ?? null,
  };
}
