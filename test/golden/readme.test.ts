import { expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlock } from '../../scripts/generated-blocks.ts';
import { runExample } from '../../scripts/readme-example.ts';
import { renderReadme } from '../../scripts/render-readme.ts';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** Durations vary, and with them the width of their column; process ids vary too. */
function mask(text: string): string {
  return text
    .replaceAll(/\b\d+(?:\.\d+)?\s?(?:ms|s)\b/g, '<ms>')
    .replaceAll(/\bpid \d+/g, 'pid <pid>')
    .replaceAll(/ +/g, ' ');
}

it('shows what the schema, the catalogue and the exit codes say', () => {
  expect(renderReadme(root, readme, readBlock(readme, 'example-output'))).toBe(readme);
});

it('shows what its example prints', async () => {
  expect(mask(readBlock(readme, 'example-output'))).toBe(mask(await runExample(root)));
});

it('has an example that fits on a screen', () => {
  expect(readBlock(readme, 'example').split('\n').length - 2).toBeLessThanOrEqual(25);
});

it('says of every dependency what it is for', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Readonly<Record<string, string>>
  >;
  const ofTheWorkshop = Object.keys(devDependencies).filter((name) => !/^@types\/|-tsgolint$/.test(name));
  const missing = [...Object.keys(dependencies), ...ofTheWorkshop].filter(
    (name) => !readme.toLowerCase().includes(`[${name}](`),
  );
  expect(missing).toEqual([]);
});
