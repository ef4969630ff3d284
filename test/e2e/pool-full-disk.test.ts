import path from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

test('where the output of a job cannot be kept, the pool says why and stops, and the job log has no such job', async () => {
  const cwd = tempFolder({ 'tmp/.keep': '' });
  // As little as a full disk does a folder that is gone take what is written there; and the job hears nothing of it.
  const takeAway = 'echo {}; test {} != b || rm -r "$TMPDIR"/mpctl-pool-*';
  const result = await runCli(['pool', '-j1', '-k', '--joblog', 'jobs.tsv', '--', takeAway, ':::', 'a', 'b', 'c'], { cwd, environment: { TMPDIR: path.join(cwd, 'tmp') }, program });
  expect(result).toMatchObject({
    stdout: 'a\n',
    stderr: `mpctl: what jobs write cannot be kept in \`${path.join(cwd, 'tmp')}\`: ENOENT: no such file or directory (TMPDIR may name another folder)\n`,
    exitCode: 4,
  });
  const numbers = readFileSync(path.join(cwd, 'jobs.tsv'), 'utf8').trimEnd().split('\n').map((line) => line.split('\t')[0]);
  expect(numbers).toEqual(['Seq', '1']);
});
