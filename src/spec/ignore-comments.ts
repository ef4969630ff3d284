import { CST, Lexer } from 'yaml';
import type { IgnoreComment } from '../diagnostics/apply-ignores.ts';
import type { SourceFile } from '../diagnostics/source.ts';

const word = 'mpctl-ignore';
const comment = /^#+\s*mpctl-ignore\b:?\s*(?<codes>(?:MP\d{3}(?:\s*,\s*|\b))*)/u;

/**
 * The comments `# mpctl-ignore: MP305` of a file, also with several codes and with a reason behind them. What only looks
 * like a comment, in a text or a script, is none.
 */
export function ignoreComments(source: SourceFile): readonly IgnoreComment[] {
  // Nearly no spec has one, and to take a file apart costs as much as to read it.
  if (!source.text.includes(word)) return [];
  const found: IgnoreComment[] = [];
  let offset = source.text.startsWith('\uFEFF') ? 1 : 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(source.text.slice(offset))) {
    const type = CST.tokenType(lexeme);
    // Marks that the lexer puts between the pieces of the text.
    if (type === 'doc-mode' || type === 'flow-error-end' || type === 'scalar') {
      isScalar = type === 'scalar';
      continue;
    }
    if (type === 'comment' && !isScalar) {
      const written = comment.exec(lexeme)?.groups?.['codes'];
      if (written !== undefined) found.push(ignoreComment(source, offset, lexeme, written));
    }
    isScalar = false;
    offset += lexeme.length;
  }
  return found;
}

function ignoreComment(source: SourceFile, offset: number, lexeme: string, written: string): IgnoreComment {
  const codesAt = lexeme.indexOf(written, lexeme.indexOf(word) + word.length);
  return {
    range: { source, start: offset, end: offset + lexeme.length },
    codes: [...written.matchAll(/MP\d{3}/gu)].map((match) => {
      const start = offset + codesAt + match.index;
      return { code: match[0], range: { source, start, end: start + match[0].length } };
    }),
  };
}
