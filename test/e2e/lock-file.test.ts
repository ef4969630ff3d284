import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** Lets whatever reads a line from `go` in the folder go on. */
function gate(cwd: string): () => void {
  const file = path.join(cwd, 'go');
  spawnSync('mkfifo', [file]);
  return () => writeFileSync(file, '\n');
}

describe('`lock run` of a file', () => {
  const holder = ['sh', '-c', 'echo held; read line; exit 5'];

  it('locks it as flock does, ends as the command ends, and makes it where it is not there', async () => {
    const cwd = tempFolder();
    const first = await startCli(['lock', 'run', './lock', '--', process.execPath, '-e', waitsForSignal], { cwd, program });
    await first.waitForOutput(/held/u);
    expect(existsSync(path.join(cwd, 'lock'))).toBe(true);
    expect(await runCli(['lock', 'run', './lock', '--no-wait', '--', 'echo', 'in'], { cwd, program })).toMatchObject({ stdout: '', exitCode: 1 });
    expect(await runCli(['lock', 'run', 'lock', '--timeout', '20ms', '--', 'echo', 'in'], { cwd, program })).toMatchObject({ stdout: '', exitCode: 124 });
    first.kill('SIGTERM');
    expect(await first.result).toMatchObject({ stdout: 'held\nSIGTERM\n', exitCode: 9 });
    expect(await runCli(['lock', 'run', './lock', '--no-wait', '--', ...holder], { cwd, program, input: '\n' })).toMatchObject({
      stdout: 'held\n',
      exitCode: 5,
    });
  });

  it('excludes flock and is excluded by it, and says that it waits only where it does', async () => {
    const cwd = tempFolder();
    const file = path.join(cwd, 'lock');
    const go = gate(cwd);
    const first = await startCli(['lock', 'run', 'lock', '--', 'sh', '-c', 'echo held; read line < go; exit 5'], { cwd, program });
    await first.waitForOutput(/held/u);
    expect(spawnSync('flock', ['-n', file, 'true']).status).toBe(1);
    const flock = spawn('flock', [file, 'sh', '-c', 'echo locked; read line'], { stdio: ['pipe', 'pipe', 'inherit'] });
    go();
    expect(await first.result).toEqual({ stdout: 'held\n', stderr: '', exitCode: 5, signal: null });
    await once(flock.stdout, 'data');
    expect(await runCli(['lock', 'run', 'lock', '--no-wait', '--', 'echo', 'in'], { cwd, program })).toMatchObject({ stdout: '', stderr: '', exitCode: 1 });
    const late = await runCli(['lock', 'run', 'lock', '--timeout', '20ms', '--', 'echo', 'in'], { cwd, program });
    expect(late).toMatchObject({ stdout: '', stderr: 'mpctl: waiting for the lock on `lock`\nmpctl: `lock` did not become free within 20 ms\n', exitCode: 124 });
    const waiting = await startCli(['lock', 'run', 'lock', '--', 'echo', 'in'], { cwd, program });
    await waiting.waitForOutput(/waiting/u, 'stderr');
    flock.stdin.end();
    expect(await waiting.result).toEqual({ stdout: 'in\n', stderr: 'mpctl: waiting for the lock on `lock`\n', exitCode: 0, signal: null });
  });

  it('waits no longer when it is sent a signal, and leaves nothing behind that waits', async () => {
    const cwd = tempFolder();
    const file = path.join(cwd, 'lock');
    const flock = spawn('flock', [file, 'sh', '-c', 'echo locked; read line'], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(flock.stdout, 'data');
    const waiting = await startCli(['lock', 'run', 'lock', '--', 'echo', 'in'], { cwd, program });
    await waiting.waitForOutput(/waiting/u, 'stderr');
    waiting.kill('SIGTERM');
    expect(await waiting.result).toMatchObject({ stdout: '', exitCode: 143 });
    flock.stdin.end();
    await once(flock, 'exit');
    expect(spawnSync('flock', ['-n', file, 'true']).status).toBe(0);
  });

  it('is kept by what its command leaves behind, as under flock', async () => {
    const cwd = tempFolder();
    const go = gate(cwd);
    const leaves = '{ read line < go; } >/dev/null 2>&1 & echo left';
    expect(await runCli(['lock', 'run', 'lock', '--', 'sh', '-c', leaves], { cwd, program })).toMatchObject({ stdout: 'left\n', exitCode: 0 });
    expect(spawnSync('flock', ['-n', path.join(cwd, 'lock'), 'true']).status).toBe(1);
    go();
    expect(spawnSync('flock', [path.join(cwd, 'lock'), 'true']).status).toBe(0);
  });

  it('locks folders and what may only be read, and says what cannot be locked, or without what', async () => {
    const cwd = tempFolder();
    expect(await runCli(['lock', 'run', '.', '--', 'flock', '-n', '.', 'true'], { cwd, program })).toMatchObject({ stderr: '', exitCode: 1 });
    const missing = await runCli(['lock', 'run', 'no/lock', '--', 'true'], { cwd, program });
    expect(missing).toMatchObject({ exitCode: 4 });
    expect(missing.stderr).toMatch(/^mpctl: `no\/lock` cannot be opened: ENOENT[^\n]+\n$/u);
    const without = await runCli(['lock', 'run', 'lock', '--', 'true'], { cwd, program, environment: { PATH: cwd } });
    expect(without).toMatchObject({ exitCode: 4 });
    expect(without.stderr).toContain('`flock`, which is not installed');
    expect(await runCli(['lock', 'run', 'lock', '--', 'no-such-command'], { cwd, program })).toMatchObject({ exitCode: 127 });
  });

  const waitsForSignal = `
    process.on('SIGTERM', () => { console.log('SIGTERM'); process.exit(9); });
    setInterval(() => {}, 1000);
    console.log('held');
  `;
});
