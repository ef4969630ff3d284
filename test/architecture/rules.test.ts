import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { catalogue } from '../../src/diagnostics/catalogue.ts';
import { allRules } from '../../src/plan/rules/all-rules.ts';
import { parseFolder, root, type ParsedFile } from './source-tree.ts';

const folder = 'src/plan/rules';
const codes: Readonly<Record<string, { readonly slug: string }>> = catalogue();
/** Those that report something; the others help them, or gather them. */
const rules = parseFolder(folder).filter(({ text }) => text.includes('makeDiagnostic('));

/** The codes that a file reports. */
function reportedBy({ text }: ParsedFile): readonly string[] {
  return [...new Set([...text.matchAll(/makeDiagnostic\(\s*'(MP\d{3})'/gu)].map(([, code = '']) => code))];
}

function camelCase(slug: string): string {
  return slug.replaceAll(/-(.)/gu, (_, letter: string) => letter.toUpperCase());
}

it('has one rule a file, named after what it checks', () => {
  expect(rules.length).toBeGreaterThan(50);
  const odd = rules.flatMap((file) => {
    const reported = reportedBy(file);
    const slug = codes[reported[0] ?? '']?.slug ?? 'nothing';
    const isRight = reported.length === 1 && file.path === `${folder}/${slug}.ts` && file.text.includes(`export function ${camelCase(slug)}(`);
    return isRight ? [] : [`${file.path} reports ${reported.join(', ')}`];
  });
  expect(odd).toEqual([]);
});

it('says in each rule which code it is', () => {
  const silent = rules.filter((file) => !reportedBy(file).every((code) => new RegExp(`/\\*\\*\\s(?:\\s*\\*\\s)?${code}: `, 'u').test(file.text)));
  expect(silent.map(({ path }) => path)).toEqual([]);
});

it('applies every rule, and each once', () => {
  const names = allRules.map(({ name }) => name);
  expect(names.toSorted()).toEqual(rules.map((file) => camelCase(codes[reportedBy(file)[0] ?? '']?.slug ?? '')).toSorted());
});

it('has a folder of examples for every code', () => {
  const missing = Object.keys(codes).filter((code) => {
    const has = (name: string): boolean => existsSync(join(root, 'examples/diagnostics', code, name));
    return !has('expected.txt') || !((has('wrong.yaml') && has('right.yaml')) || has('case.json'));
  });
  expect(missing).toEqual([]);
});
