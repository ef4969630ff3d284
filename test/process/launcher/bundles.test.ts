import { execa } from 'execa';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = join(import.meta.dirname, '../../../dist/mpctl.cjs');

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mpctl-bundles-'));
  writeFileSync(join(folder, 'mpctl.yaml'), 'processes: {one: {command: [sh, -c, "echo ran"]}}\n');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a command of the built program prints on both streams, and its exit code. */
async function mpctl(...words: readonly string[]): Promise<{ readonly said: string; readonly code: number | undefined }> {
  const { all, exitCode } = await execa(process.execPath, [program, ...words], { cwd: folder, all: true, reject: false, env: { XDG_CACHE_HOME: join(folder, 'cache') } });
  return { said: all, code: exitCode };
}

describe('the launcher takes a bundle that has the command', () => {
  it.each([
    { words: ['check'], says: 'no deadlock: proved' },
    { words: ['check', '--deep'], says: 'no deadlock: proved' },
    { words: ['check', '--format', 'sarif'], says: '"version": "2.1.0"' },
    { words: ['check', '--emit', 'promela'], says: 'proctype' },
    { words: ['check', '--html', 'page.html'], says: 'no deadlock: proved' },
    { words: ['plan'], says: 'one' },
    { words: ['plan', '--format', 'svg'], says: '<svg' },
    { words: ['explain', 'MP101'], says: 'a key is not in the language' },
    { words: ['schema'], says: '"$schema"' },
    { words: ['init', '--help'], says: 'Usage: mpctl init' },
    { words: ['--help'], says: 'Usage: mpctl' },
    { words: ['-h'], says: 'Usage: mpctl' },
    { words: ['--version'], says: '.' },
    { words: ['-V'], says: '.' },
    { words: ['help', 'run'], says: 'Usage: mpctl run' },
    { words: ['completion', 'bash'], says: 'completion of mpctl' },
    { words: ['run'], says: 'ran' },
    { words: ['--no-color', 'run'], says: 'ran' },
    { words: ['--no-color', 'check'], says: 'no deadlock: proved' },
    { words: ['resume', '--help'], says: 'Usage: mpctl resume' },
  ])('$words', async ({ words, says }) => {
    const { said, code } = await mpctl(...words);
    expect(said).toContain(says);
    expect(code).toBe(0);
  });
});
