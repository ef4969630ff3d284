import type { DiagnosticCode } from '../diagnostics/catalogue.ts';

/** Why a run cannot begin where it was called; the command line ends with 4. */
export interface RunFailure {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string | null;
}
