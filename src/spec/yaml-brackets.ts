import type { YAMLError } from 'yaml';
import type { SourceFile } from '../diagnostics/source.ts';
import { beginsEntry, isQuoted, lineAt } from './yaml-line.ts';
import type { YamlProblem } from './yaml-problem.ts';

/**
 * A bracket that nothing closes is shown where it is opened, which is what has to be mended: the parser only meets
 * the line behind it, or the end of the text. null for a line that goes on with it and is not indented as a part of it.
 */
export function bracketProblem(source: SourceFile, error: YAMLError): YamlProblem | null {
  const [at] = error.pos;
  const extra = /^Unexpected flow-(?:seq|map)-end token in YAML stream/.test(error.message) ? source.text[at] : undefined;
  if (extra !== undefined) {
    const range = { source, start: at, end: at + 1 };
    return { code: 'MP110', message: `the \`${extra}\` closes nothing`, range, hint: 'delete it, or open what it closes', hidesTheRest: true };
  }
  if (error.code !== 'BAD_INDENT' || !error.message.startsWith('Flow')) return null;
  const [opening, closing, other] = error.message.includes('end with a ]') ? (['[', ']', '}'] as const) : (['{', '}', ']'] as const);
  const start = lastOpen(source.text.slice(0, at), opening, closing);
  if (start === null) return null;
  if (source.text[at] === other) {
    const message = `a \`${other}\` stands where the \`${opening}\` before it is still open`;
    return { code: 'MP110', message, range: { source, start: at, end: at + 1 }, hint: `write the closing \`${closing}\` first`, hidesTheRest: true };
  }
  const rest = source.text.slice(at);
  const isEnd = rest.trim() === '';
  if (!isEnd && !beginsEntry(rest.split('\n', 1).join(''))) return null;
  return {
    code: 'MP110',
    message: isEnd ? 'a bracket is opened here and never closed' : `a bracket is opened here and not closed before line ${String(lineNumber(source.text, at))}`,
    range: { source, start, end: start + 1 },
    hint: `write the closing \`${closing}\``,
    hidesTheRest: isEnd,
  };
}

function lineNumber(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Where the last bracket stands that nothing behind it closes. */
function lastOpen(text: string, opening: string, closing: string): number | null {
  let closed = 0;
  for (let offset = text.length - 1; offset >= 0; offset -= 1) {
    const character = text[offset];
    if (character !== opening && character !== closing) continue;
    const line = lineAt(text, offset + 1);
    if (isQuoted(line.text, offset - line.start)) continue;
    if (character === closing) closed += 1;
    else if (closed === 0) return offset;
    else closed -= 1;
  }
  return null;
}
