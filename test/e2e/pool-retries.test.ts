import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

describe('`mpctl pool` with a job that succeeds the twelfth time', () => {
  const line = 'echo {} >> tries; test "$(wc -l < tries)" -ge 12';

  it.each([
    ['0', `mpctl: this job has failed 10 times, at last with exit code 1, and is tried until it succeeds: ${line.replace('{}', 'a')}\n`],
    ['12', ''],
  ])('and `--retries %s` says how often it has failed only where no end is known', async (retries, said) => {
    const { stderr, exitCode } = await runCli(['pool', '--retries', retries, '-j1', '--', line], { cwd: tempFolder({}), environment: { PARALLEL_SHELL: '/bin/sh' }, program, input: 'a\n' });
    expect(stderr).toBe(said);
    expect(exitCode).toBe(0);
  });
});
