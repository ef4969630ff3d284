import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');
const page = readFileSync(path.join(import.meta.dirname, 'elsewhere.md'), 'utf8');
const rows = [...page.matchAll(/^\| (?<row>\d+) \| [^|]+ \| `(?<file>[^`]+)` \| `(?<name>[^`]+)` \|$/gmu)].map(({ groups }) => ({
  row: groups?.['row'] ?? '',
  file: groups?.['file'] ?? '',
  name: groups?.['name'] ?? '',
}));

it('has a row in every line of its table', () => {
  expect(rows).toHaveLength(page.split('\n').filter((line) => /^\| \d/u.test(line)).length);
  expect(rows.length).toBeGreaterThan(0);
});

it.each(rows)('row $row is tested in $file: $name', ({ file, name }) => {
  const titles = [...readFileSync(path.join(root, file), 'utf8').matchAll(/\b(?:it|test)(?:\.each\([^)]*\))?\((?<quote>['"`])(?<title>.*?)\k<quote>,/gu)].map(({ groups }) => groups?.['title'] ?? '');
  expect(titles.filter((title) => title.includes(name))).toHaveLength(1);
});

it('leaves no row of the fault table without a test, but for those that it is not about', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const texts = files.map((name) => readFileSync(path.join(import.meta.dirname, name), 'utf8'));
  const tested = new Set([...texts.flatMap((text) => [...text.matchAll(/['"`]row (?<row>\d+)\b/gu)].map(({ groups }) => groups?.['row'])), ...rows.map(({ row }) => row)].map(Number));
  const others = new Set([21, 42, 84, 85, 86, 87]);
  expect(Array.from({ length: 88 }, (_, index) => index + 1).filter((row) => !tested.has(row) && !others.has(row))).toEqual([]);
});
