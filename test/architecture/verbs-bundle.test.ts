import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { verbsOptions } from '../../scripts/bundle-command-line.ts';
import { root } from './source-tree.ts';

it('bundles no package with the verbs, which a shell may call a hundred times', async () => {
  const { metafile } = await build({ ...verbsOptions(root), absWorkingDir: root, write: false, metafile: true });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs).toContain('cmd/verbs/main.ts');
  expect(inputs.filter((path) => path.includes('node_modules/'))).toEqual([]);
});
