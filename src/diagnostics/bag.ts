import type { Diagnostic } from './diagnostic.ts';
import type { Severity } from './severity.ts';
import type { SourceRange } from './source.ts';

/** Findings in the order in which they are shown, and the totals with what is not shown counted too. */
export interface DiagnosticReport {
  readonly diagnostics: readonly Diagnostic[];
  /** Findings behind the last one shown. */
  readonly omitted: number;
  readonly counts: Readonly<Record<Severity, number>>;
  /** The files that the findings are in, in order. */
  readonly files: readonly string[];
}

/** So many findings are more than anybody mends before the next try. */
export const shownAtMost = 50;

/** Collects the findings of one run of the checks; equal findings count once. */
export class DiagnosticBag {
  readonly #diagnostics = new Map<string, Diagnostic>();

  constructor(diagnostics: Iterable<Diagnostic> = []) {
    this.addAll(diagnostics);
  }

  /** Takes a finding unless one with the same code, place and sentence is already here. */
  add(diagnostic: Diagnostic): void {
    const key = identityOf(diagnostic);
    if (!this.#diagnostics.has(key)) this.#diagnostics.set(key, diagnostic);
  }

  /** Takes several findings. */
  addAll(diagnostics: Iterable<Diagnostic>): void {
    for (const diagnostic of diagnostics) this.add(diagnostic);
  }

  /** Whether a finding is here that makes every run impossible. */
  get hasErrors(): boolean {
    for (const { severity } of this.#diagnostics.values()) if (severity === 'error') return true;
    return false;
  }

  /** Everything, by file, place and code; what has no place comes first, and a series stays together. */
  sorted(): readonly Diagnostic[] {
    return [...this.#diagnostics.values()].toSorted(compareDiagnostics);
  }

  /** The first `limit` findings in order, for people; machines ask for all with `Infinity`. */
  report(limit: number = shownAtMost): DiagnosticReport {
    const all = this.sorted();
    const counts: Record<Severity, number> = { error: 0, warning: 0, note: 0 };
    const files = new Set<string>();
    for (const { severity, range } of all) {
      counts[severity] += 1;
      if (range !== null) files.add(range.source.name);
    }
    const diagnostics = all.slice(0, limit);
    return { diagnostics, omitted: all.length - diagnostics.length, counts, files: [...files] };
  }
}

function identityOf({ code, message, range }: Diagnostic): string {
  return JSON.stringify([code, message, range?.source.name, range?.start, range?.end]);
}

function compareDiagnostics(left: Diagnostic, right: Diagnostic): number {
  return (
    comparePlaces(left.series?.range ?? left.range, right.series?.range ?? right.range) ||
    compare(left.code, right.code) ||
    compare(left.series?.rank ?? 0, right.series?.rank ?? 0) ||
    comparePlaces(left.range, right.range)
  );
}

/** By file, then from its beginning; no place comes before every place. */
export function comparePlaces(left: SourceRange | null, right: SourceRange | null): number {
  return compare(left?.source.name ?? '', right?.source.name ?? '') || compare(left?.start ?? -1, right?.start ?? -1);
}

/** By code unit: the order must not depend on the user's language. */
function compare<T extends string | number>(left: T, right: T): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
