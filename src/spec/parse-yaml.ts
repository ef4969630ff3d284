import { parseDocument } from 'yaml';
import type { SourceFile } from '../diagnostics/source.ts';
import { describeYamlError } from './describe-yaml-error.ts';
import type { Findings } from './read/findings.ts';
import { parseInPieces, parseOptions } from './parse-in-pieces.ts';
import { readPlainLines } from './plain-lines.ts';
import { YamlTree } from './yaml-tree.ts';

/** So many openings in a row are no spec, and cost the parser time that grows with their square. */
const tooDeep = /(?:(?:[[{]|[?-][ \t])[ \t]*){200}/;

/**
 * Parses one text. Everything that makes it no YAML is reported, and then null is given: what a parser
 * makes of broken text would only bring findings that are none.
 */
export function parseYaml(source: SourceFile, findings: Findings): YamlTree | null {
  if (hasControlCharacter(source.text)) {
    findings.report('MP115', `\`${source.name}\` is not text: it holds characters that no text has`, null, 'in double quotes such a character is written as `\\u001b`');
    return null;
  }
  const nested = tooDeep.exec(source.text);
  if (nested !== null) {
    const range = { source, start: nested.index, end: nested.index + nested[0].length };
    findings.report('MP110', 'the text nests brackets or lists deeper than any spec', range);
    return null;
  }
  const flawless = readPlainLines(source.text, 0, source.text.length) ?? parseInPieces(source.text);
  if (flawless !== null) return new YamlTree(source, flawless);
  const document = parseDocument(source.text, parseOptions);
  const lines = new Set<number>();
  for (const error of [...document.errors, ...document.warnings]) {
    const { code, message, range, hint, hidesTheRest } = describeYamlError(source, error);
    // Behind the first finding of a line the parser only guesses; it may have met further down what is wrong here.
    const places = [range.start, error.pos[0]].map((offset) => source.text.lastIndexOf('\n', offset - 1));
    if (places.some((line) => lines.has(line))) continue;
    for (const line of places) lines.add(line);
    findings.report(code, message, range, hint);
    if (hidesTheRest === true) break;
  }
  return lines.size > 0 ? null : new YamlTree(source, document.contents);
}

/** Control characters other than tab, line breaks and NEL are in no YAML text. */
function hasControlCharacter(text: string): boolean {
  return /[^\P{Cc}\t\n\r\u0085]/u.test(text);
}
