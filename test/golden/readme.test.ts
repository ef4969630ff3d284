import { expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { laterCommands } from '../../cmd/later-commands.ts';
import { readBlock } from '../../scripts/generated-blocks.ts';
import { runExample } from '../../scripts/readme-example.ts';
import { renderReadme } from '../../scripts/render-readme.ts';
import { toolsOfTests } from '../../scripts/tools-of-tests.ts';
import { maskOutput } from '../rig/mask-output.ts';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

it('shows what the schema, the catalogue and the exit codes say', () => {
  expect(renderReadme(root, readme, readBlock(readme, 'example-output'))).toBe(readme);
});

it('shows what its example prints', async () => {
  expect(maskOutput(readBlock(readme, 'example-output'), [])).toBe(maskOutput(await runExample(root), []));
});

it.each(['README.md', 'docs/coming-from.md'])('%s names no command of a later version without saying so', (page) => {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const early = lines.filter((line) => {
    const commands = [...line.matchAll(/\bmpctl (?<word>[a-z]+)\b/g)].map(({ groups }) => groups?.['word'] ?? '');
    return commands.some((word) => laterCommands.has(word)) && !line.includes('Not in this version');
  });
  expect(early).toEqual([]);
});

it('lists exactly the variables that a process sees', async () => {
  const spec = `
locks: { file: }
processes: { a: { command: env, with: [file], matrix: { k: [v] } } }
pools: { p: { command: env, tasks: { matrix: { k: [v] } } } }
finally: { last: { command: env } }
`;
  const { stdout } = await runCli(['run', '-', '--format', 'json'], { cwd: tempFolder(), input: spec });
  const seen = stdout.matchAll(/"line":"(?<name>(?:MPCTL|MATRIX)_[A-Z_]+)=/g);
  const names = [...seen].map(({ groups }) => (groups?.['name'] ?? '').replace(/^MPCTL_TOKEN_.*/, 'MPCTL_TOKEN_NAME').replace(/^MATRIX_.*/, 'MATRIX_KEY'));
  const section = /^### What a process sees$[^]*?^##/m.exec(readme)?.[0] ?? '';
  const listed = section.matchAll(/`(?<name>(?:MPCTL|MATRIX)_[A-Z_]+)`/g);
  expect(new Set([...listed].map(({ groups }) => groups?.['name']))).toEqual(new Set(names));
});

it('names every program that the tests call', () => {
  const listed = /besides Node they call (?<names>[^.]*)\./.exec(readme)?.groups?.['names'] ?? '';
  expect([...listed.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(toolsOfTests);
});

const promises = [...(/^### What is promised$[^]*?^What mpctl/mu.exec(readme)?.[0] ?? '').matchAll(/^\| (?<promise>[^|]+) \| `(?<file>[^`]+)`: `(?<title>[^`]+)` \|$/gmu)].map(({ groups }) => ({
  promise: groups?.['promise'] ?? '',
  file: groups?.['file'] ?? '',
  title: groups?.['title'] ?? '',
}));

it('promises something in every line of its table', () => {
  expect(promises).toHaveLength(/^### What is promised$[^]*?^What mpctl/mu.exec(readme)?.[0].split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| promise')).length ?? 0);
  expect(promises.length).toBeGreaterThan(15);
});

it.each(promises)('keeps by a test what it promises: $promise', ({ file, title }) => {
  const source = readFileSync(join(root, 'test/faults', `${file}.test.ts`), 'utf8');
  expect(source.split(`'${title}'`)).toHaveLength(2);
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
