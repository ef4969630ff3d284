import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { callMain } from '../rig/call-main.ts';
import { expectGolden } from '../rig/golden-file.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'examples', 'deadlocks');
const names = readdirSync(folder).toSorted();

it('there are a dozen at least', () => {
  expect(names.length).toBeGreaterThanOrEqual(12);
});

describe.each(names)('%s', (name) => {
  const cwd = path.join(folder, name);

  it('is refuted by a way to its deadlock', async () => {
    const { stdout } = await callMain(['check', 'wrong.yaml'], { cwd });
    expect(stdout).toContain('[MP901]');
    expectGolden(path.join(cwd, 'expected.txt'), stdout);
  });

  it('is proved when it is mended', async () => {
    const { stdout, exit } = await callMain(['check', '--strict', 'right.yaml'], { cwd });
    expect(stdout).toContain('\nno deadlock: proved, ');
    expect(exit).toEqual({ type: 'code', code: 0 });
  });
});
