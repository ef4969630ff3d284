import type { YAMLError } from 'yaml';
import type { SourceFile } from '../diagnostics/source.ts';
import { bracketProblem } from './yaml-brackets.ts';
import { indentProblem } from './yaml-indents.ts';
import { beginsEntry, indentOf, isQuoted, type Line, lineAt } from './yaml-line.ts';
import type { YamlProblem } from './yaml-problem.ts';

/** Says the cause of a finding of the YAML library, which only sees the consequence. */
export function describeYamlError(source: SourceFile, error: YAMLError): YamlProblem {
  // The library places what is missing at the end one character behind the text.
  const [start = 0, end = 0] = error.pos.map((offset) => Math.min(offset, source.text.length));
  const line = lineAt(source.text, start);
  return (
    tabProblem(source, error, start) ??
    documentProblem(source, error) ??
    templateProblem(source, line) ??
    starProblem(source, error, line) ??
    colonProblem(source, error, line) ??
    colonWithinProblem(source, error, line) ??
    quoteProblem(source, error) ??
    bracketProblem(source, error) ??
    indentProblem(source, error) ?? {
      code: 'MP110',
      message: sentenceFor(error),
      range: { source, start, end: Math.max(end, start) },
      hint: hintFor(error),
    }
  );
}

function tabProblem(source: SourceFile, error: YAMLError, offset: number): YamlProblem | null {
  const near = [lineAt(source.text, offset), lineAt(source.text, Math.min(source.text.length, offset + 1))];
  for (const { start, text } of near) {
    const tab = /^ *(?<tab>\t+)/.exec(text)?.groups?.['tab'];
    if (tab === undefined || (error.code !== 'TAB_AS_INDENT' && error.code !== 'BAD_INDENT')) continue;
    const from = start + text.indexOf('\t');
    return {
      code: 'MP111',
      message: 'the line is indented with a tab, and YAML counts spaces',
      range: { source, start: from, end: from + tab.length },
      hint: `write \`${text.replace(/^[ \t]+/, (indent) => indent.replaceAll('\t', '  '))}\` with spaces in front`,
    };
  }
  return null;
}

function documentProblem(source: SourceFile, error: YAMLError): YamlProblem | null {
  if (error.code !== 'MULTIPLE_DOCS') return null;
  const [start] = error.pos;
  return {
    code: 'MP116',
    message: 'the file holds more than one YAML document, and a spec is one',
    range: { source, start, end: start + 3 },
    hint: 'delete the line `---`, or put the second document into a file of its own and name it in `include`',
  };
}

/** `[${{ env.X }}]`: the braces open mappings. */
function templateProblem(source: SourceFile, line: Line): YamlProblem | null {
  const opening = /(?<![\w"'$}])\$\{\{/.exec(line.text);
  if (opening === null || !/[[{]/.test(line.text.slice(0, opening.index))) return null;
  const written = /^\$\{\{[^}]*\}\}/.exec(line.text.slice(opening.index))?.[0];
  if (written === undefined || isQuoted(line.text, opening.index)) return null;
  const start = line.start + opening.index;
  const corrected = line.text.trim().replaceAll(/(?<!["'\w])\$\{\{[^}]*\}\}(?!["'\w])/g, (template) => `"${template}"`);
  return {
    code: 'MP119',
    message: `\`${written}\` stands without quotes within \`[ ]\` or \`{ }\`, where YAML reads \`{\` as a mapping`,
    range: { source, start, end: start + written.length },
    hint: `write \`${corrected}\``,
  };
}

function starProblem(source: SourceFile, error: YAMLError, line: Line): YamlProblem | null {
  const star = /(?<=(?:^|[:\-,[{])\s*)\*(?![\w-]+\s*(?:[,}\]]|$))[^\s,\]}]*/.exec(line.text);
  if (star === null || error.pos[0] < line.start + star.index) return null;
  const start = line.start + star.index;
  return {
    code: 'MP120',
    message: `\`${star[0]}\` begins with \`*\`, which YAML takes for an alias`,
    range: { source, start, end: start + star[0].length },
    hint: `write \`${line.text.trim().replace(star[0], `"${star[0]}"`)}\``,
  };
}

/** `print: hello: world`: the second colon ends a second key on the same line. */
function colonProblem(source: SourceFile, error: YAMLError, line: Line): YamlProblem | null {
  if (error.code !== 'BLOCK_AS_IMPLICIT_KEY') return null;
  const parts = /^(?<key>\s*(?:- +)*[^\s:#][^:#]*:\s+)(?<value>[^\s"'[{|>&*!].*:(?:\s.*)?)$/.exec(line.text)?.groups;
  const value = parts?.['value'];
  const key = parts?.['key'];
  if (key === undefined || value === undefined) return null;
  const start = line.start + key.length;
  return {
    code: 'MP132',
    message: 'the text has a `: ` in it, which YAML takes for the end of a key',
    range: { source, start, end: start + value.length },
    hint: `write \`${key.trim()} ${quoted(value.trimEnd())}\``,
  };
}

/** `{ print: hello: world }`: the second colon can be that of no key there. */
function colonWithinProblem(source: SourceFile, error: YAMLError, line: Line): YamlProblem | null {
  if (error.code !== 'BLOCK_IN_FLOW') return null;
  const at = error.pos[0] - line.start;
  const key = /[^\s,[{]+:\s+$/.exec(line.text.slice(0, at))?.[0];
  const value = /^[^\s"'[{|>&*!,\]}][^,\]}]*:(?=\s)[^,\]}]*/.exec(line.text.slice(at))?.[0].trimEnd();
  if (key === undefined || value === undefined) return null;
  return {
    code: 'MP132',
    message: 'the text has a `: ` in it, which YAML takes for the end of a key',
    range: { source, start: error.pos[0], end: error.pos[0] + value.length },
    hint: `write \`${key.trim()} ${quoted(value)}\``,
  };
}

/** The parser meets the end of the text; what needs a look is the quote behind which nothing closes. */
function quoteProblem(source: SourceFile, error: YAMLError): YamlProblem | null {
  const quote = error.code === 'MISSING_CHAR' ? /^Missing closing (?<quote>["'])/.exec(error.message)?.groups?.['quote'] : undefined;
  if (quote === undefined) return null;
  const start = Math.max(0, source.text.lastIndexOf(quote, error.pos[0]));
  const range = { source, start, end: start + 1 };
  const outdented = outdentedLine(source.text, start, quote);
  if (outdented === null) {
    const message = 'a quote is opened here and never closed';
    return { code: 'MP110', message, range, hint: `write the closing \`${quote}\``, hidesTheRest: true };
  }
  return {
    code: 'MP110',
    message: `the quoted text that begins here goes on in line ${outdented}, which is not indented as a part of it`,
    range,
    hint: `indent line ${outdented} further than the key, or write the text as a block: \`|\` behind the key, and its lines below`,
    hidesTheRest: true,
  };
}

/**
 * The number of the first line of a quoted text that begins no further right than the line with the quote,
 * and so ends it for YAML; null where that line is a key or an item, and the quote was left open.
 */
function outdentedLine(text: string, start: number, quote: string): number | null {
  if (!text.includes(quote, start + 1)) return null;
  const opening = lineAt(text, start + 1);
  const indent = indentOf(opening.text);
  const following = text.slice(start).split('\n').slice(1);
  const index = following.findIndex((line) => line.trim() !== '' && indentOf(line) <= indent);
  const line = following[index];
  if (line === undefined || beginsEntry(line)) return null;
  return text.slice(0, start).split('\n').length + index + 1;
}

function quoted(text: string): string {
  return text.includes('"') || text.includes('\\') ? `'${text.replaceAll("'", "''")}'` : `"${text}"`;
}

function sentenceFor({ code, message }: YAMLError): string {
  switch (code) {
    case 'BAD_INDENT':
      return message.startsWith('Flow')
        ? 'a bracket is opened further up, and this line is not indented as a part of it'
        : 'the line is not indented far enough for what was begun before it';
    case 'MISSING_CHAR':
      return missingCharacter(message);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'a mapping begins in the middle of a line';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a line has no `:`, so that YAML takes it and the next one for a single key';
    case 'TAB_AS_INDENT':
      return 'a tab stands where YAML wants spaces';
    case 'BAD_SCALAR_START':
      return 'an unquoted text begins with a character that YAML keeps for itself';
    case 'BAD_ALIAS':
      return 'a `*` stands without the name of what it repeats';
    case 'BAD_DQ_ESCAPE':
      return 'a `\\` in double quotes is followed by a letter that it does not escape';
    case 'RESOURCE_EXHAUSTION':
      return 'the text nests lists or mappings deeper than any spec';
    case 'TAG_RESOLVE_FAILED':
      return 'a tag (`!…`) is not known in a spec';
    default:
      return `the text is not YAML: ${message.replace(/^\w/, (letter) => letter.toLowerCase()).replace(/\.$/, '')}`;
  }
}

function missingCharacter(message: string): string {
  if (message.includes('flow')) return 'a `,` or a closing bracket is missing';
  return 'a line is neither a `key: value` nor an item of a list';
}

function hintFor({ code, message }: YAMLError): string | null {
  switch (code) {
    case 'BAD_INDENT':
      if (message.startsWith('Flow')) return `close it with \`${message.includes('end with a ]') ? ']' : '}'}\``;
      return 'give all keys of one mapping the same number of spaces';
    case 'BAD_SCALAR_START':
      return 'put the text in quotes';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a key ends with `:` and a space; indent the line further if it goes on from the one above';
    case 'BAD_ALIAS':
      return 'quote it: `"*"`';
    case 'BAD_DQ_ESCAPE':
      return 'use single quotes, in which `\\` is an ordinary character';
    case 'MISSING_CHAR':
      return message.includes('map values') ? 'write a `:` and a space behind the key' : null;
    default:
      return null;
  }
}
