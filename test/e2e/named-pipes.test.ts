import { execa } from 'execa';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { currentCli } from '../rig/current-cli.ts';
import { runCli, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

/** A folder with the spec and a named pipe called `pipe`. */
function folderOf(spec: string): string {
  const cwd = tempFolder({ 'mpctl.yaml': spec });
  execFileSync('mkfifo', [path.join(cwd, 'pipe')]);
  return cwd;
}

describe('a named pipe as a file of a stream', () => {
  it('joins two processes, whichever of them is started first', async () => {
    for (const first of ['in', 'out']) {
      const spec = `
processes:
  out: { command: 'echo one; echo two; echo three >&2', stdout: { file: pipe }${first === 'in' ? ', depends_on: { in: { condition: start } }' : ''} }
  in: { command: [cat], stdin: { file: pipe }${first === 'out' ? ', depends_on: { out: { condition: start } }' : ''} }
`;
      const { stdout, exitCode } = await runCli(['run'], { cwd: folderOf(spec) });
      expect(stdout).toMatch(/\[in\] +one\n\[in\] +two\n/u);
      expect(exitCode).toBe(0);
    }
  });

  it.each([
    ['a process', 'processes: { a: { command: [touch, begun], KEY: { file: pipe } } }'],
    ['a process with quotes in the path', "processes: { a: { command: [touch, begun], KEY: { file: \"it's\" } } }"],
    ['a task', 'pools: { a: { workers: 1, command: [touch, begun], tasks: [x], KEY: { file: pipe } } }'],
  ])('whose other end nobody has keeps %s waiting, and nothing else', async (_, spec) => {
    for (const key of ['stdin', 'stdout', 'stderr']) {
      const cwd = folderOf(`${spec.replace('KEY', key)}\n${spec.startsWith('pools') ? 'processes: {' : 'daemons: {'} other: { command: "echo up; exec sleep 600" } }`);
      execFileSync('mkfifo', [path.join(cwd, "it's")]);
      const run = await startCli(['run'], { cwd });
      await run.waitForOutput(/up\n/u);
      run.kill('SIGINT');
      expect(await run.result).toMatchObject({ signal: 'SIGINT' });
      expect(() => readFileSync(path.join(cwd, 'begun'))).toThrow('ENOENT');
    }
  });

  it('is one that has a name: `/dev/stdout` is still that of mpctl', async () => {
    const spec = `
processes: { a: { command: [echo, of a process], stdout: { file: /dev/stdout } } }
pools: { p: { workers: 1, command: [echo, of a task], tasks: [x], stdout: { file: /dev/stdout }, results: { file: /dev/fd/1 } } }
`;
    const program = await currentCli();
    const { stdout } = await execa('sh', ['-c', '"$0" "$1" run | cat', process.execPath, program], { cwd: folderOf(spec) });
    expect(stdout).toContain('of a process\n');
    expect(stdout).toContain('of a task\n');
    expect(stdout).toContain('"fate":"succeeded"');
  });

  it('says as ever of a command that does not exist why', async () => {
    const missing = await runCli(['run'], { cwd: folderOf('processes: { a: { command: [no-such-command], stdout: { file: pipe } } }') });
    expect(missing.stderr).toContain('`no-such-command` was not found in `PATH` [MP801]');
    expect(missing.exitCode).toBe(1);
  });
});

describe('a named pipe for what mpctl writes itself', () => {
  it('waits with the results of a pool for whoever reads them', async () => {
    const cwd = folderOf('pools: { p: { workers: 2, command: [echo, "${{ item }}"], tasks: [a, b], results: { file: pipe } } }\nprocesses: { r: { command: "mkfifo go; cat go; exec cat pipe > got" } }');
    const run = await startCli(['run'], { cwd });
    // Every turn of its event loop goes on: the log of the process is read while the pool waits.
    await run.waitForOutput(/`r` started/u, 'stderr');
    execFileSync('sh', ['-c', 'until [ -p go ]; do :; done; : > go'], { cwd });
    expect(await run.result).toMatchObject({ exitCode: 0 });
    const got = readFileSync(path.join(cwd, 'got'), 'utf8').trimEnd().split('\n');
    expect(got.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ item: 'a', fate: 'succeeded' }, { item: 'b', fate: 'succeeded' }]);
  });

  it('is waited for in vain, and the run can be stopped', async () => {
    const cwd = folderOf('pools: { p: { command: [echo, x], tasks: [a], joblog: pipe } }\nprocesses: { o: { command: "echo up; exec sleep 600" } }');
    const run = await startCli(['run'], { cwd });
    await run.waitForOutput(/up\n/u);
    run.kill('SIGTERM');
    expect(await run.result).toMatchObject({ signal: 'SIGTERM' });
  });

  it('fails a print step where nobody reads it', async () => {
    const { stderr, exitCode } = await runCli(['run'], { cwd: folderOf('processes: { a: { stdout: { file: pipe }, steps: [{ print: x }] } }') });
    expect(stderr).toContain('it is a named pipe that nobody reads [MP844]');
    expect(exitCode).toBe(1);
  });
});
