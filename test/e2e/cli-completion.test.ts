import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { verbGroups } from '../../cmd/verbs/groups.ts';
import { operatorVerbs } from '../../cmd/verbs/operator-verbs.ts';
import { runVerbs } from '../../cmd/verbs/run-verbs.ts';
import { callMain } from '../rig/call-main.ts';
import { tempFolder } from '../rig/temp-folder.ts';

/** What bash would offer for the last of these words. */
function completeInBash(cwd: string, script: string, words: readonly string[]): readonly string[] {
  const file = path.join(cwd, 'completion.bash');
  writeFileSync(file, script);
  const program = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mpctl; printf "%s\\n" "${COMPREPLY[@]}"';
  return execFileSync('bash', ['-c', program, file, ...words], { cwd, encoding: 'utf8' }).trim().split('\n');
}

describe('mpctl completion bash', () => {
  it.each([
    [['mpctl', 'c'], ['check', 'completion', 'clean', 'condition']],
    [['mpctl', 'lo'], ['logs', 'lock']],
    [['mpctl', 'logs', '--'], ['--follow', '--lines', '--run', '--help']],
    [['mpctl', 'ps', '--l'], ['--locks']],
    [['mpctl', 'runs', '--format', ''], ['text', 'json']],
    [['mpctl', 'wait', 'server', '--for', 's'], ['start', 'success']],
    [['mpctl', 'lock', ''], ['acquire', 'release', 'run', '--help']],
    [['mpctl', 'lock', 'run', 'file', '--no'], ['--no-wait']],
    [['mpctl', 'pool', 's'], ['submit']],
    [['mpctl', 'pool', '--re'], ['--resume', '--resume-failed', '--retry-failed', '--retries']],
    [['mpctl', 'pool', '-j4', '--b'], ['--bar']],
    [['mpctl', 'pool', 'result', 'hash', '--no'], ['--no-wait']],
    [['mpctl', 'event', 'wait', 'go', '--for'], ['']],
    [['mpctl', 'run', '--time'], ['--timeout', '--timestamps']],
    [['mpctl', 'completion', ''], ['bash', 'zsh', 'fish', '--no-color', '--help']],
    [['mpctl', 'nothing', '--'], ['']],
    [['mpctl', 'check', '--f'], ['--format']],
    [['mpctl', 'check', '--format', 'g'], ['github']],
    [['mpctl', 'plan', '--format', ''], ['text', 'json', 'mermaid', 'dot', 'svg']],
    [['mpctl', 'run', '--out'], ['--output']],
    [['mpctl', 'check', 'night'], ['nightly.yaml']],
  ])('completes %j', async (words, expected) => {
    const cwd = tempFolder({ 'nightly.yaml': '', 'nightly.txt': '' });
    const { stdout } = await callMain(['completion', 'bash']);
    expect(completeInBash(cwd, stdout, words)).toEqual(expected);
  });
});

describe.each(['zsh', 'fish'])('mpctl completion %s', (shell) => {
  it('names every command and flag', async () => {
    const { stdout } = await callMain(['completion', shell]);
    expect(stdout).toContain('bash zsh fish');
    for (const word of ['run', 'check', 'plan', 'explain', 'schema', 'init', 'completion', 'max-parallel', 'strict', 'mermaid']) {
      expect(stdout).toContain(word);
    }
  });

  it('names every verb with its flags', async () => {
    const { stdout } = await callMain(['completion', shell]);
    for (const { name, flags } of [...verbGroups.flatMap(({ verbs }) => verbs), ...operatorVerbs, ...runVerbs]) {
      for (const word of [name, ...flags.map((flag) => flag.replace('--', ''))]) expect(stdout).toContain(word);
    }
  });
});
