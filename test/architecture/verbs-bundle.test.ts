import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { poolOptions, verbsOptions } from '../../scripts/bundle-command-line.ts';
import { root } from './source-tree.ts';

it('bundles no package with the verbs, which a shell may call a hundred times', async () => {
  const { metafile } = await build({ ...verbsOptions(root), absWorkingDir: root, write: false, metafile: true });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs).toContain('cmd/verbs/main.ts');
  expect(inputs.filter((path) => path.includes('node_modules/'))).toEqual([]);
});

it('bundles no package with a pool of commands, and nothing that reads a spec', async () => {
  const { metafile } = await build({ ...poolOptions(root), absWorkingDir: root, write: false, metafile: true });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs).toContain('src/jobs/job-pool.ts');
  expect(inputs.filter((path) => /node_modules\/|src\/(?:spec|plan|engine|sync|broker)\//u.test(path))).toEqual([]);
});

it('loads at the start of a verb only what every verb needs', async () => {
  const { outputFiles } = await build({ ...verbsOptions(root), absWorkingDir: root, write: false, minify: false, minifyWhitespace: false });
  // What is loaded later stands within a function.
  const loaded = (outputFiles[0]?.text ?? '').matchAll(/^var .*require\("node:(?<name>\w+)"\)/gmu);
  expect(new Set([...loaded].map((match) => match.groups?.['name']))).toEqual(new Set(['fs', 'net', 'path']));
});
