import type { Certainty } from './certainty.ts';
import type { Severity } from './severity.ts';

/** What the catalogue says of a code; its examples stand in `examples/diagnostics/CODE/`. */
export interface CodeEntry {
  /** Stable lower-case name with hyphens, such as `unknown-key`. */
  readonly slug: string;
  readonly severity: Severity;
  /** Of the checks of a spec, MP1xx to MP7xx and MP9xx; what is told of a run or of a call has none. */
  readonly certainty?: Certainty;
  /** One line: what is wrong. */
  readonly title: string;
  /** Why it matters and the way out, in a few sentences. */
  readonly explanation: string;
}
