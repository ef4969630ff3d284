import { expect, it } from 'vitest';
import { catalogue } from '../../src/diagnostics/catalogue.ts';

it('gives every code a slug of its own', () => {
  const slugs = Object.values(catalogue()).map(({ slug }: { readonly slug: string }) => slug);
  expect(slugs).toEqual([...new Set(slugs)]);
});
