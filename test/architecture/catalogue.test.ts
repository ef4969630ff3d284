import { expect, it } from 'vitest';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../src/diagnostics/catalogue.ts';
import { root } from './source-tree.ts';

const examples = join(root, 'examples/diagnostics');

it('has a worked example for every code of the catalogue', () => {
  const missing = Object.keys(catalogue).filter((code) => !existsSync(join(examples, code)));
  expect(missing).toEqual([]);
});

it('has no example of a code that does not exist', () => {
  const folders = existsSync(examples) ? readdirSync(examples) : [];
  expect(folders.filter((name) => /^MP\d/.test(name) && !(name in catalogue))).toEqual([]);
});

it('gives every code a slug of its own', () => {
  const slugs = Object.values(catalogue).map(({ slug }: { readonly slug: string }) => slug);
  expect(slugs).toEqual([...new Set(slugs)]);
});
