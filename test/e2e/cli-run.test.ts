import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { currentCli } from '../rig/current-cli.ts';
import { runCli, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const greeting = 'processes:\n  hello:\n    command: [echo, hello]\n';

describe('mpctl run', () => {
  it('runs a spec, ends with 0 and keeps the logs beside the spec', async () => {
    const cwd = tempFolder({ 'service/mpctl.yaml': greeting });
    const { stdout, exitCode } = await runCli(['run', 'service'], { cwd });
    expect(stdout).toMatch(/^\[hello\] hello\n/u);
    expect(exitCode).toBe(0);
    expect(existsSync(path.join(cwd, '.mpctl'))).toBe(false);
    expect(readdirSync(path.join(cwd, 'service', '.mpctl', 'runs'))).not.toEqual([]);
  });

  it('ends with 1 when a process failed', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'processes:\n  bad:\n    command: exit 3\n' });
    expect(await runCli(['run'], { cwd })).toMatchObject({ exitCode: 1, signal: null });
  });

  it('ends with 124 when the time given on the command line runs out', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'processes:\n  slow:\n    command: [sleep, "60"]\n' });
    expect(await runCli(['run', '--timeout', '200ms'], { cwd })).toMatchObject({ exitCode: 124, signal: null });
  });

  it('gives variables of the command line to every process, later ones first', async () => {
    const cwd = tempFolder({
      'mpctl.yaml': 'environment: {WORD: spec}\nprocesses:\n  say:\n    environment: {WORD: process}\n    command: echo "$WORD $OTHER"\n',
    });
    const { stdout } = await runCli(['run', '--env', 'WORD=first', '--env', 'WORD=a=b c', '--env', 'OTHER='], { cwd });
    expect(stdout).toContain('[say] a=b c \n');
  });

  it('runs only the named processes and what they depend on', async () => {
    const cwd = tempFolder({
      'mpctl.yaml': ['processes:', '  build: {command: [echo, built]}', '  test: {command: [echo, tested], depends_on: [build]}', '  lint: {command: [echo, linted]}', ''].join('\n'),
    });
    const { stdout, exitCode } = await runCli(['run', 'test'], { cwd });
    expect(stdout).toContain('[build] built\n');
    expect(stdout).toContain('[test] tested\n');
    expect(stdout).not.toContain('linted');
    expect(exitCode).toBe(0);
  });

  it('takes a name that the spec does not have for wrong usage', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': greeting });
    const { stdout, stderr, exitCode } = await runCli(['run', 'helo'], { cwd });
    expect(stdout).toBe('');
    expect(stderr).toContain('did you mean `hello`?');
    expect(exitCode).toBe(2);
    expect(readdirSync(cwd)).toEqual(['mpctl.yaml']);
  });

  it('lists the instances whose names begin with what was given', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'processes: { test: { command: [true], matrix: { os: [linux, mac], version: ["1", "2"] } } }' });
    const { stderr, exitCode } = await runCli(['run', 'mpctl.yaml', 'test-linux'], { cwd });
    expect(stderr).toContain('there is no process or pool `test-linux` (every run)\n  = hint: with it begin `test-linux-1`, `test-linux-2`\n');
    expect(exitCode).toBe(2);
  });

  it('says that a name is a folder without a spec, and which processes there are', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': greeting, 'empty/notes.txt': '' });
    const { stderr, exitCode } = await runCli(['run', 'empty'], { cwd });
    expect(stderr).toContain('the folder `empty` has no `mpctl.yaml` and no `mpctl.yml`\n');
    expect(stderr).toContain('there is no process or pool `empty` (every run)\n  = hint: the spec has `hello`\n');
    expect(exitCode).toBe(2);
  });

  it.each([
    ['pools: { p: { command: [echo], tasks: { stdin: lines } } }', 'pool `p` takes its tasks from standard input, and the spec itself was read from there'],
    ['processes: { a: { command: [cat], stdin: inherit } }', '`a` has `stdin: inherit`, and the spec itself was read from there'],
  ])('does not share a standard input that the spec came from: %s', async (spec, message) => {
    const { stdout, stderr, exitCode } = await runCli(['run', '-'], { cwd: tempFolder(), input: spec });
    expect(stderr).toContain(`error[MP004]: ${message}\n  = hint: give the spec as a file: \`mpctl run FILE\`\n`);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('leaves notes to `mpctl check`', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'daemons: { server: { command: [true] } }\n' });
    expect((await runCli(['check'], { cwd })).stdout).toContain('note[MP702]');
    expect((await runCli(['run'], { cwd })).stderr).not.toContain('MP702');
  });

  it('streams events as JSON, one a line and nothing else', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': greeting });
    const { stdout } = await runCli(['run', '--format', 'json'], { cwd });
    const events = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { type: string; v: number });
    expect(events.map(({ v }) => v)).toEqual(events.map(() => 1));
    expect(events.at(0)?.type).toBe('run.started');
    expect(events.at(-1)?.type).toBe('run.ended');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('dies of %s after everything was stopped', async (signal) => {
    const cwd = tempFolder({ 'mpctl.yaml': 'processes:\n  slow:\n    command: echo "pid $$"; exec sleep 60\n' });
    const run = await startCli(['run'], { cwd });
    await run.waitForOutput(/\[slow\] pid \d+\n/u);
    const worker = Number(/pid (?<pid>\d+)/u.exec(run.output.stdout)?.groups?.['pid']);
    run.kill(signal);
    expect(await run.result).toMatchObject({ exitCode: null, signal });
    expect(() => process.kill(worker, 0)).toThrow('ESRCH');
  });

  it('takes no empty argument for none', async () => {
    const { stdout, stderr, exitCode } = await runCli(['run', ''], { cwd: tempFolder({ 'mpctl.yaml': greeting }) });
    expect(stderr).toContain('error[MP004]: an argument of `mpctl run` is empty\n');
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('says that its folder has been removed', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': greeting });
    const script = 'mkdir gone; cd gone; rmdir ../gone; exec "$0" "$1" run';
    const run = spawnSync('/bin/sh', ['-c', script, process.execPath, await currentCli()], { cwd, encoding: 'utf8' });
    expect(run.stderr).toContain('error[MP019]: the folder that mpctl was called in does not exist any more\n');
    expect(run.status).toBe(4);
  });

  it('says as soon as standard output cannot be written, goes on, and does not succeed', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'processes: { work: { command: "echo lost; while ! [ -e go ]; do sleep 0.01; done; touch done" } }' });
    const run = await startCli(['run'], { cwd, stdoutFile: '/dev/full' });
    await run.waitForOutput(/^error\[MP016\]: standard output could not be written: no space left on device \(ENOSPC\)\n/u, 'stderr');
    writeFileSync(path.join(cwd, 'go'), '');
    const { stderr, exitCode } = await run.result;
    expect(stderr.split('MP016]')).toHaveLength(2);
    expect(exitCode).toBe(4);
    expect(existsSync(path.join(cwd, 'done'))).toBe(true);
  });

  it('stops the run and dies of SIGPIPE when nobody reads its output any more', async () => {
    const spec = `
processes:
  chatty: { command: 'echo "pid $$"; trap "echo stopped > stopped.txt; exit" TERM; while :; do echo tick; sleep 0.02; done' }
finally:
  last: { command: 'echo "$MPCTL_OUTCOME" > outcome.txt' }
`;
    const cwd = tempFolder({ 'mpctl.yaml': spec });
    const run = await startCli(['run'], { cwd });
    await run.waitForOutput(/pid \d+/u);
    const worker = Number(/pid (?<pid>\d+)/u.exec(run.output.stdout)?.groups?.['pid']);
    run.closeOutput();
    expect(await run.result).toMatchObject({ exitCode: null, signal: 'SIGPIPE' });
    expect(() => process.kill(worker, 0)).toThrow('ESRCH');
    expect(readFileSync(path.join(cwd, 'stopped.txt'), 'utf8')).toBe('stopped\n');
    expect(readFileSync(path.join(cwd, 'outcome.txt'), 'utf8')).toBe('cancelled\n');
  });
});
