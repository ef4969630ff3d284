import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { clientReference, exportedNames } from '../../scripts/client-reference.ts';
import { readBlock } from '../../scripts/generated-blocks.ts';

it('the page about the client has the declarations of the build, of all that can be imported', () => {
  const block = readBlock(readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'client.md'), 'utf8'), 'declarations');
  expect(block).toBe(clientReference());
  const declared = [...block.matchAll(/^(?:abstract )?(?:class|interface|function|type|const) (?<name>\w+)/gmu)].map(({ groups }) => groups?.['name'] ?? '');
  // What is JSON needs no declaration.
  expect(declared.toSorted()).toEqual(exportedNames().filter((name) => name !== 'Json').toSorted());
});
