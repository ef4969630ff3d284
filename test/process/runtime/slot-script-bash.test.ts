import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { slotScript } from '../../../src/runtime/processes/slot-script.ts';
import { temporaryFolder } from './worker-harness.ts';

const bash = '/bin/bash';

/** What Bash answers where it is `/bin/sh`, and what its commands write to standard error. */
function heardOf(lines: readonly string[]): { readonly answers: readonly string[]; readonly errors: string } {
  const folder = temporaryFolder();
  const [marker, errors] = [join(folder, 'marker'), join(folder, 'errors')];
  writeFileSync(errors, '');
  const input = [`r${errors}`, 'k0', ...lines].map((line) => `${line}\n`).join('');
  const { stdout } = spawnSync(bash, ['-c', slotScript, '/bin/sh', marker, '', '.'], { argv0: 'sh', input, encoding: 'utf8', cwd: folder });
  return { answers: stdout.split('\n').filter((line) => line !== ''), errors: readFileSync(errors, 'utf8') };
}

test.each([
  ['a program', ['a/bin/sh', 'a-c', 'akill -KILL $$', 'x']],
  ['what replaces a subshell', ['a/bin/sh', 'a-c', 'akill -KILL $$', 's']],
])('Bash says that a signal has ended %s', (_, lines) => {
  const { answers, errors } = heardOf(lines);
  expect(answers.at(-1)).toBe('= 137');
  expect(answers.length).toBeGreaterThan(1);
  expect(errors).toBe('');
});
