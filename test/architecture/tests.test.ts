import { expect, it } from 'vitest';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { conditionalTests } from './conditional-tests.ts';
import { lineAt, parseFolder, parseText, root } from './source-tree.ts';

const tests = parseFolder('test');

it('skips, repeats and postpones no test', () => {
  const skipping = /\b(?:it|test|describe|suite)\.(?:skip|only|todo|fails|skipIf|runIf)\b|\bskip\(|\bretry:\s*[1-9]/g;
  const found = tests
    .filter(({ path }) => !path.endsWith('architecture/tests.test.ts'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(skipping)].map((match) => `${path}:${String(lineAt(text, match.index))} ${match[0]}`),
    );
  expect(found).toEqual([]);
});

it('leaves no test out where something does not hold', () => {
  expect(tests.flatMap(conditionalTests)).toEqual([]);
});

it.each([
  "const describeHere = process.platform === 'linux' ? describe : () => {};",
  'const test2 = test;',
  "if (existsSync('/proc')) it('…', () => {});",
  "isLinux && describe('…', () => {});",
  "describe('…', () => { if (isLinux) it('…', () => {}); });",
])('knows that this may leave one out: %s', (text) => {
  expect(conditionalTests(parseText('x.test.ts', text))).toHaveLength(1);
});

it('runs every test file in a project of vitest.config.ts', () => {
  const kinds = ['unit', 'property', 'simulation', 'golden', 'architecture', 'conformance', 'process', 'e2e', 'faults'];
  const stray = tests.filter(
    ({ path }) => path.endsWith('.test.ts') && !kinds.some((kind) => path.startsWith(`test/${kind}/`)),
  );
  expect(stray.map(({ path }) => path)).toEqual([]);
});

it('has no test outside the test folder', () => {
  const stray = ['src', 'cmd', 'scripts', 'bench', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:test|spec)\.[cm]?[jt]s$/.test(name))
      .map((name) => join(folder, name)),
  );
  expect(stray).toEqual([]);
});
