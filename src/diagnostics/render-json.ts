import type { DiagnosticReport } from './bag.ts';
import type { Diagnostic } from './diagnostic.ts';
import { lineIndexOf, type LineColumn } from './line-index.ts';
import { entryOf } from './make-diagnostic.ts';
import type { SourceRange } from './source.ts';

/** Version of the document; it rises with every change that is not an addition. */
export const diagnosticsVersion = 1;

/** A range for machines: half-open, lines and columns from 1, offsets from 0, all in UTF-16 units. */
export interface JsonRange {
  readonly file: string;
  readonly start: LineColumn & { readonly offset: number };
  readonly end: LineColumn & { readonly offset: number };
}

/** One finding as JSON. */
export interface JsonDiagnostic {
  readonly code: string;
  readonly slug: string;
  readonly severity: string;
  readonly certainty: string | null;
  readonly message: string;
  readonly range: JsonRange | null;
  readonly related: readonly { readonly message: string; readonly range: JsonRange }[];
  readonly note: string | null;
  readonly hint: string | null;
}

/** All findings as one versioned JSON value. */
export interface JsonReport {
  readonly v: number;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly omitted: number;
  readonly diagnostics: readonly JsonDiagnostic[];
}

/** The findings as a JSON value, to be put into a larger document or written as it is. */
export function toJsonReport(report: DiagnosticReport): JsonReport {
  return {
    v: diagnosticsVersion,
    errors: report.counts.error,
    warnings: report.counts.warning,
    notes: report.counts.note,
    omitted: report.omitted,
    diagnostics: report.diagnostics.map(toJsonDiagnostic),
  };
}

/** One JSON document with a final line break. */
export function renderJson(report: DiagnosticReport): string {
  return `${JSON.stringify(toJsonReport(report), null, 2)}\n`;
}

function toJsonDiagnostic({ code, severity, certainty, message, range, related, note, hint }: Diagnostic): JsonDiagnostic {
  return {
    code,
    slug: entryOf(code).slug,
    severity,
    certainty,
    message,
    range: range === null ? null : toJsonRange(range),
    related: related.map((place) => ({ message: place.message, range: toJsonRange(place.range) })),
    note,
    hint,
  };
}

function toJsonRange({ source, start, end }: SourceRange): JsonRange {
  const index = lineIndexOf(source);
  return {
    file: source.name,
    start: { ...index.position(start), offset: start },
    end: { ...index.position(Math.max(start, end)), offset: Math.max(start, end) },
  };
}
