import { err, ok } from '../../base/result.ts';
import type { Result } from '../../base/result.ts';

/** The first line that is no assignment, counted from 1. */
export interface EnvFileFailure {
  readonly line: number;
  readonly text: string;
}

const assignment =
  /[ \t]*(?:export[ \t]+)?(?<name>[A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:'(?<single>[^']*)'|"(?<double>(?:\\[^]|[^"\\])*)"|(?<plain>(?![ \t'"])[^\r\n]*?)?)(?:[ \t]+#[^\r\n]*|[ \t]*)(?:\r?\n|$)/y;
const blank = /[ \t]*(?:#[^\r\n]*)?(?:\r?\n|$)/y;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Reads `NAME=VALUE` lines as docker compose does: `export` and comments are allowed, single quotes
 * keep everything, double quotes know `\n`, `\t`, `\"` and `\\`, both may hold line breaks, and a
 * comment after an unquoted value needs a space before it. `$NAME` stays as it is written.
 */
export function parseEnvFile(
  text: string,
): Result<readonly (readonly [name: string, value: string])[], EnvFileFailure> {
  const entries: (readonly [string, string])[] = [];
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  let offset = 0;
  while (offset < source.length) {
    blank.lastIndex = offset;
    if (blank.test(source) && blank.lastIndex > offset) {
      offset = blank.lastIndex;
      continue;
    }
    assignment.lastIndex = offset;
    const groups = assignment.exec(source)?.groups;
    if (groups?.['name'] === undefined) return err(failureAt(source, offset));
    entries.push([groups['name'], valueOf(groups)]);
    offset = assignment.lastIndex;
  }
  return ok(entries);
}

function valueOf(groups: Readonly<Record<string, string | undefined>>): string {
  const double = groups['double'];
  if (double !== undefined) {
    return double.replaceAll(/\\([^])/g, (_, character: string) => escapes[character] ?? character);
  }
  return groups['single'] ?? groups['plain'] ?? '';
}

function failureAt(source: string, offset: number): EnvFileFailure {
  const line = source.slice(0, offset).split('\n').length;
  return { line, text: source.slice(offset).split(/\r?\n/, 1)[0] ?? '' };
}
