import { DiagnosticBag } from '../../diagnostics/bag.ts';
import type { DiagnosticCode } from '../../diagnostics/catalogue.ts';
import type { Diagnostic, RelatedPlace } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { SourceRange } from '../../diagnostics/source.ts';

/** More findings than this help nobody; reading stops there. */
const mostFindings = 1000;

/** Collects what is wrong with a spec while it is read. */
export class Findings {
  readonly #bag = new DiagnosticBag();
  #count = 0;

  /** Notes one finding; the same one at the same place, reached by several aliases, counts once. */
  report(
    code: DiagnosticCode,
    message: string,
    range: SourceRange | null,
    hint: string | null = null,
    related: readonly RelatedPlace[] = [],
  ): void {
    this.#count += 1;
    this.#bag.add(makeDiagnostic(code, message, { range, hint, related }));
  }

  /** Whether there are so many findings that reading on is of no use. */
  get isFull(): boolean {
    return this.#count >= mostFindings;
  }

  /** Whether anything found makes every run impossible. */
  get hasErrors(): boolean {
    return this.#bag.hasErrors;
  }

  /** In the order of the files and places. */
  sorted(): readonly Diagnostic[] {
    return this.#bag.sorted();
  }
}
