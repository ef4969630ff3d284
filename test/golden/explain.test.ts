import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/diagnostics/catalogue.ts';
import { callMain } from '../rig/call-main.ts';
import { expectGolden } from '../rig/golden-file.ts';

const goldenDir = path.join(import.meta.dirname, 'explain');

describe('mpctl explain', () => {
  it.each(['MP003', 'MP010', 'MP015'])('explains %s', async (code) => {
    const { stdout } = await callMain(['explain', code]);
    expectGolden(path.join(goldenDir, `${code}.txt`), stdout);
  });

  it.each([
    ['MP0003', 'did you mean `mpctl explain MP003`?'],
    ['bad-flg', 'did you mean `mpctl explain bad-flag`?'],
    ['nothing-like-it', '`mpctl explain` lists all codes'],
  ])('says of the unknown %s: %s', async (written, hint) => {
    const { stderr, exit } = await callMain(['explain', written]);
    expect(stderr).toContain(`  = hint: ${hint}\n`);
    expect(exit).toEqual({ type: 'code', code: 2 });
  });

  it.each(['mp003', '003', '3', 'bad-flag'])('takes %s for MP003', async (written) => {
    expect((await callMain(['explain', written])).stdout).toBe((await callMain(['explain', 'MP003'])).stdout);
  });

  it.each([
    ['MP304', 'several programs may hold all permits together', 'all of `connections` may be held by programs that wait'],
    ['MP601', 'where all slots are kept so', 'each of the 3 slots of `max_parallel` may be kept by a program that waits'],
  ])('shows of %s what several programs do together', async (code, explained, shown) => {
    const { stdout } = await callMain(['explain', code]);
    expect(stdout).toContain(explained);
    expect(stdout).toContain(shown);
  });

  it('lists every code with its title', async () => {
    const { stdout } = await callMain(['explain']);
    expect(stdout).toBe(
      Object.entries(catalogue())
        .toSorted(([left], [right]) => (left < right ? -1 : 1))
        .map(([code, { title }]) => `${code}  ${title}\n`)
        .join(''),
    );
  });

  it('is JSON for machines', async () => {
    const { stdout } = await callMain(['explain', 'MP003', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      v: 1,
      code: 'MP003',
      slug: 'bad-flag',
      severity: 'error',
      wrong: '$ mpctl check --fromat json',
      output: expect.stringContaining('error[MP003]') as unknown,
    });
    const list = await callMain(['explain', '--format', 'json']);
    expect(JSON.parse(list.stdout)).toHaveProperty('codes.0.code', 'MP001');
  });
});
