import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readExampleFolder } from '../../cmd/example-folder.ts';
import { present } from '../../src/base/invariant.ts';
import { catalogue } from '../../src/diagnostics/catalogue.ts';
import { callExample } from '../rig/call-example.ts';
import { expectGolden } from '../rig/golden-file.ts';

/** The documented examples are the tests. */
const examplesDir = path.join(import.meta.dirname, '..', '..', 'examples', 'diagnostics');
const folders = readdirSync(examplesDir).toSorted();

it('every code has its examples, and every example its code', () => {
  expect(folders).toEqual(Object.keys(catalogue()).toSorted());
});

it('what is found in a spec has a way out', () => {
  const ofSpecs = Object.entries(catalogue()).flatMap(([code, entry]) => ('certainty' in entry ? [code] : []));
  expect(ofSpecs.filter((code) => !readFileSync(path.join(examplesDir, code, 'expected.txt'), 'utf8').includes('= hint: '))).toEqual([]);
});

describe.each(folders)('%s', (code) => {
  const { folder, wrong, right } = present(readExampleFolder(examplesDir, code), `no folder for ${code}`);

  it('the wrong example gives exactly what is documented', async () => {
    const outcome = await callExample(folder, wrong);
    expect(outcome.output).toContain(code);
    expectGolden(path.join(folder, 'expected.txt'), outcome.output);
  });

  it('the right example is right', async () => {
    const outcome = await callExample(folder, right);
    expect(outcome.output).not.toContain(code);
    expect(outcome.output).not.toContain('error[');
    expect(outcome.exitCode).toBe(0);
  });
});
