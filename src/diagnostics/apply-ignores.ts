import { catalogue } from './catalogue.ts';
import type { Diagnostic } from './diagnostic.ts';
import { lineIndexOf } from './line-index.ts';
import { makeDiagnostic } from './make-diagnostic.ts';
import type { SourceRange } from './source.ts';

/** A comment that asks for findings of some codes to be left out on its line. */
export interface IgnoreComment {
  readonly range: SourceRange;
  readonly codes: readonly { readonly code: string; readonly range: SourceRange }[];
}

/**
 * Leaves out the warnings and notes that a comment on their own line ignores. An error stays, since with it no run
 * can work. Where `isWhole` is true every check was made but for those of some codes, and what ignores nothing is a finding
 * itself (MP142).
 */
export function applyIgnores(diagnostics: readonly Diagnostic[], comments: readonly IgnoreComment[], isWhole: boolean, unchecked: ReadonlySet<string> = new Set()): readonly Diagnostic[] {
  if (comments.length === 0) return diagnostics;
  const ignored = new Set<Diagnostic>();
  const idle: Diagnostic[] = [];
  for (const { range, codes } of comments) {
    if (codes.length === 0) idle.push(makeDiagnostic('MP142', '`mpctl-ignore` names no code', { range, hint: 'write `# mpctl-ignore: MP139`, with the code of the finding' }));
    for (const { code, range: codeRange } of codes) {
      const meant = diagnostics.filter((diagnostic) => diagnostic.code === code && isOnLineOf(diagnostic, range));
      const lesser = meant.filter(({ severity }) => severity !== 'error');
      for (const diagnostic of lesser) ignored.add(diagnostic);
      if (lesser.length === 0 && ((isWhole && !unchecked.has(code)) || meant.length > 0)) idle.push(makeDiagnostic('MP142', reason(code, meant.length > 0), { range: codeRange, hint: wayOut(code, meant.length > 0) }));
    }
  }
  return [...diagnostics.filter((diagnostic) => !ignored.has(diagnostic)), ...idle];
}

function reason(code: string, isError: boolean): string {
  if (isError) return `${code} is an error here, and an error cannot be ignored`;
  return code in catalogue() ? `nothing on this line gives ${code}` : `there is no code ${code}`;
}

function wayOut(code: string, isError: boolean): string {
  if (isError) return `mend it, and take ${code} out of the comment`;
  return code in catalogue() ? `take ${code} out of the comment` : '`mpctl explain` lists all codes';
}

function isOnLineOf({ range }: Diagnostic, comment: SourceRange): boolean {
  if (range === null || range.source !== comment.source) return false;
  const index = lineIndexOf(range.source);
  return index.position(range.start).line === index.position(comment.start).line;
}
