import { expect, it } from 'vitest';
import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/coming-from.md'), 'utf8');
const specs = [...page.matchAll(/^## ([^\n]+)$[\s\S]*?^```yaml\n([\s\S]*?)^```$/gm)].map(([, heading = '', spec = '']) => ({
  heading,
  spec,
}));

it('finds the specs of the page', () => {
  expect(specs.map(({ heading }) => heading)).toEqual(['concurrently', 'xargs and GNU parallel', 'flock', 'A Procfile']);
});

it.each(specs)('shows a valid spec for $heading', async ({ spec }) => {
  const { exitCode, stdout } = await execa(process.execPath, [join(root, 'dist/mpctl.cjs'), 'check', '--strict', '-'], {
    input: spec,
    reject: false,
  });
  expect(`${String(exitCode)} ${stdout}`).toMatch(/^0 /);
});
