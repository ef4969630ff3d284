import type { DiagnosticCode } from '../diagnostics/catalogue.ts';
import type { SourceRange } from '../diagnostics/source.ts';

/** What is wrong with a text that is not YAML, in the words of somebody who writes specs. */
export interface YamlProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly range: SourceRange;
  readonly hint: string | null;
  /** Behind this the library only guesses what the text was meant to be. */
  readonly hidesTheRest?: boolean;
}
