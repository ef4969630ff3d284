import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { callMain } from '../rig/call-main.ts';
import { expectGolden } from '../rig/golden-file.ts';

const commands = ['run', 'resume', 'check', 'plan', 'explain', 'schema', 'init', 'completion'];

describe('help', () => {
  it.each([['mpctl', ['--help']], ...commands.map((name) => [name, [name, '--help']] as const)] as const)(
    'of %s',
    async (name, argv) => {
      const { stdout, stderr, exit } = await callMain(argv, { columns: 100, environment: { NO_COLOR: '1' } });
      expect(stderr).toBe('');
      expect(exit).toEqual({ type: 'code', code: 0 });
      expect(stdout).toMatch(/\nExamples?:\n {2}\$ mpctl /u);
      expectGolden(path.join(import.meta.dirname, 'help', `${name}.txt`), stdout);
    },
  );

  it('of a command is the same by `help`', async () => {
    const { stdout } = await callMain(['help', 'check']);
    expect(stdout).toBe((await callMain(['check', '--help'])).stdout);
  });
});
