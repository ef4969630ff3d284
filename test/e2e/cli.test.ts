import { readFileSync } from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { currentCli } from '../rig/current-cli.ts';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');

describe('the command line as a process', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await runCli(['--version'], { cwd: tempFolder() })).toEqual({
      stdout: `${version}\n`,
      stderr: '',
      exitCode: 0,
      signal: null,
    });
  });

  it('without a command shows the help on standard error and ends with 2', async () => {
    const { stdout, stderr, exitCode } = await runCli([], { cwd: tempFolder() });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Usage: mpctl /u);
    expect(stderr).toContain('Exit codes:');
    expect(exitCode).toBe(2);
  });

  it('writes all of a long output into a pipe before it ends', async () => {
    const schema = readFileSync(path.join(root, 'schemas', 'mpctl.schema.json'), 'utf8');
    expect(schema.length).toBeGreaterThan(65_536);
    const { stdout, exitCode } = await runCli(['schema'], { cwd: tempFolder() });
    expect(stdout).toBe(schema);
    expect(exitCode).toBe(0);
  });

  it('ends quietly when the reader of its output has gone away', async () => {
    const child = spawn(process.execPath, [await currentCli(), 'schema'], { cwd: tempFolder() });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const exitCode = await new Promise((resolve) => {
      child.on('close', resolve);
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('colours only a terminal, unless the environment asks for it', async () => {
    const cwd = tempFolder();
    const plain = await runCli(['chekc'], { cwd });
    const forced = await runCli(['chekc'], { cwd, environment: { FORCE_COLOR: '1' } });
    const refused = await runCli(['check', '--no-color', 'no.yaml'], { cwd, environment: { FORCE_COLOR: '1' } });
    expect(plain.stderr).not.toContain('\u001B');
    expect(forced.stderr).toContain('\u001B[');
    expect(refused.stdout + refused.stderr).not.toContain('\u001B');
  });

  it('reads a spec from standard input', async () => {
    const { stdout, exitCode } = await runCli(['check', '-'], {
      cwd: tempFolder(),
      input: 'processes:\n  hello: {command: [echo, hello]}\n',
    });
    expect(stdout).toBe('-: ok, 1 instance, 0 primitives\nno deadlock: proved, since there is an order in which all is waited for\n');
    expect(exitCode).toBe(0);
  });
});
