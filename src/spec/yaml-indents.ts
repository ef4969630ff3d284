import type { YAMLError } from 'yaml';
import type { SourceFile, SourceRange } from '../diagnostics/source.ts';
import { indentOf, type Line, lineAt } from './yaml-line.ts';
import type { YamlProblem } from './yaml-problem.ts';

const sameSpaces = 'give all keys of one mapping the same number of spaces';

/** A line that is indented unlike what it belongs to, or that cannot stand among the lines above it: shown where its text begins. */
export function indentProblem(source: SourceFile, error: YAMLError): YamlProblem | null {
  const { code, message, pos } = error;
  const here = lineAt(source.text, pos[0]);
  if (code === 'BAD_INDENT' && message.startsWith('All sequence items')) {
    return problem(source, here, 'the line is indented unlike the items beside it', 'give all items of one list the same number of spaces');
  }
  if ((code === 'BAD_INDENT' && message.startsWith('All mapping items')) || message.startsWith('Sequence item without')) {
    return problem(source, here, 'the line is indented unlike the keys beside it', sameSpaces);
  }
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && message.startsWith('A block sequence')) {
    return problem(source, here, 'an item of a list stands among the keys of a mapping', 'a key has either a value behind it or a list below it, further to the right or under its first letter');
  }
  if (code === 'BLOCK_AS_IMPLICIT_KEY') {
    const further = keyFurtherIn(source.text, here);
    return further === null ? null : problem(source, further, 'the line is indented as a part of the key above it, which has a value already', sameSpaces);
  }
  const colon = code === 'MULTILINE_IMPLICIT_KEY' ? /^ *(?:- +)*[\w-]+(?=:[^\s:/])/.exec(here.text)?.[0].length : undefined;
  if (colon === undefined) return null;
  const start = here.start + colon;
  const written = here.text.trim().replace(/:(?=\S)/, ': ');
  return { code: 'MP110', message: 'behind this `:` a space is missing', range: { source, start, end: start + 1 }, hint: `write \`${written}\`` };
}

function problem(source: SourceFile, line: Line, message: string, hint: string): YamlProblem {
  return { code: 'MP110', message, range: firstWord(source, line), hint };
}

function firstWord(source: SourceFile, { start, text }: Line): SourceRange {
  const from = start + indentOf(text);
  const word = /^[^\s:]+/.exec(text.trimStart())?.[0] ?? '';
  return { source, start: from, end: from + Math.max(1, word.length) };
}

/** The first key below a line that is indented further than that. */
function keyFurtherIn(text: string, above: Line): Line | null {
  for (let line = lineAfter(text, above); line !== null; line = lineAfter(text, line)) {
    if (/^\s*(?:#|$)/.test(line.text)) continue;
    if (indentOf(line.text) <= indentOf(above.text)) return null;
    if (/^ *[\w./-]+:(?:\s|$)/.test(line.text)) return line;
  }
  return null;
}

function lineAfter(text: string, { start }: Line): Line | null {
  const end = text.indexOf('\n', start);
  return end === -1 || end + 1 >= text.length ? null : lineAt(text, end + 1);
}
