import type { Certainty } from './certainty.ts';
import type { DiagnosticCode } from './catalogue.ts';
import type { Severity } from './severity.ts';
import type { SourceRange } from './source.ts';

/** A second place that explains the first, such as "first defined here". */
export interface RelatedPlace {
  readonly message: string;
  readonly range: SourceRange;
}

/** How findings that belong together are listed: at the place of the first, the lower rank before. */
export interface Series {
  readonly range: SourceRange;
  readonly rank: number;
}

/**
 * One finding, structured first, prose last. Renderers decide how it looks; nothing but renderers
 * and golden tests depends on the wording.
 */
export interface Diagnostic {
  /** Stable name of the finding, `MP` and three digits, never reused. */
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** null for what is told of a run, and not of a spec. */
  readonly certainty: Certainty | null;
  /** One sentence without a final period: what was found, and what was expected. */
  readonly message: string;
  /** Where; null for what has no place in a file, such as a bad flag. */
  readonly range: SourceRange | null;
  readonly related: readonly RelatedPlace[];
  /** What else is worth knowing, such as who has no part in it. */
  readonly note: string | null;
  /** What to do about it, ready to be typed; null where nothing sure can be said. */
  readonly hint: string | null;
  /** null for a finding that is listed at its own place. */
  readonly series: Series | null;
}
