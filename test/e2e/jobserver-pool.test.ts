import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { JobConductor } from '../rig/job-conductor.ts';
import { runCli, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

/** A folder with a makefile of eight jobs, and with a spec. */
function project(limit: number, total: number, spec: string): { cwd: string; jobs: JobConductor } {
  const cwd = tempFolder({ 'mpctl.yaml': spec });
  const jobs = new JobConductor(cwd, { limit, total });
  writeFileSync(path.join(cwd, 'jobs.mk'), `all: a b c d e f g h\na b c d e f g h:\n\t@${jobs.job}\n`);
  return { cwd, jobs };
}

const nested = 'command: [make, --no-print-directory, -f, jobs.mk]';

describe('a pool with `jobserver: true`', () => {
  it('runs no more jobs than it has workers, all makes in its tasks taken together, and uses all of them', async () => {
    const { cwd, jobs } = project(2, 32, `pools: { p: { workers: 2, jobserver: true, tasks: { range: [1, 4] }, ${nested} } }\n`);
    const { exitCode, stderr } = await runCli(['run'], { cwd });
    expect(jobs.seen).toEqual({ most: 2, begun: 32, ended: 32 });
    expect(stderr).not.toContain('jobserver unavailable');
    expect(exitCode).toBe(0);
  });

  it('lets one make have the workers that have no task', async () => {
    const { cwd, jobs } = project(4, 8, `pools: { p: { workers: 4, jobserver: true, tasks: [only], ${nested} } }\n`);
    expect((await runCli(['run'], { cwd })).exitCode).toBe(0);
    expect(jobs.seen).toEqual({ most: 4, begun: 8, ended: 8 });
  });

  it('does the same for the `run` steps of its tasks', async () => {
    const spec = `pools: { p: { workers: 3, jobserver: true, tasks: { range: [1, 3] }, steps: [{ run: [make, -f, jobs.mk] }] } }\n`;
    const { cwd, jobs } = project(3, 24, spec);
    expect((await runCli(['run'], { cwd })).exitCode).toBe(0);
    expect(jobs.seen).toEqual({ most: 3, begun: 24, ended: 24 });
  });

  it('makes the tokens good that a killed make has taken with it', async () => {
    const spec = `
pools:
  p:
    workers: 3
    jobserver: true
    tasks: [1, 2]
    command: 'test "$MPCTL_ITEM" = 1 && cut -d" " -f5 /proc/$$/stat > group; exec make --no-print-directory -f jobs.mk'
`;
    const { cwd, jobs } = project(3, 11, spec);
    writeFileSync(path.join(cwd, 'mpctl.yaml'), spec.replace('tasks: [1, 2]', 'tasks: [1, 2]\n    with: [alone]').concat('locks: { alone: }\n'));
    jobs.pause();
    const run = await startCli(['run'], { cwd });
    await jobs.running(3);
    process.kill(-Number(readFileSync(path.join(cwd, 'group'), 'utf8')), 'SIGKILL');
    jobs.resume(3);
    expect((await run.result).exitCode).toBe(1);
    expect(jobs.seen).toEqual({ most: 3, begun: 11, ended: 11 });
  });

  it('offers descriptors to a make that knows no named pipes, and keeps the flags that are set', async () => {
    const spec = `
environment: { MAKEFLAGS: "k -j7 --no-print-directory -- A=1" }
pools: { p: { workers: 2, jobserver: true, tasks: ["-n 'x' $y"], command: [sh, -c, 'echo "$MAKEFLAGS|$1|$#"; test -p /dev/fd/7 && test -p /dev/fd/8', sh, "\${{ item }}"] } }
`;
    const { stdout, exitCode } = await runCli(['run'], { cwd: tempFolder({ 'mpctl.yaml': spec }), environment: { PATH: withMake('4.3') } });
    expect(stdout).toContain("k -j2 --jobserver-auth=7,8 --no-print-directory -- A=1|-n 'x' $y|1");
    expect(exitCode).toBe(0);
  });

  it('offers a named pipe to a make that knows them', async () => {
    const spec = `pools: { p: { workers: 2, jobserver: true, tasks: [x], command: 'echo "<$MAKEFLAGS>"; test -p "\${MAKEFLAGS#*fifo:}"' } }\n`;
    const { stdout, exitCode } = await runCli(['run'], { cwd: tempFolder({ 'mpctl.yaml': spec }), environment: { PATH: withMake('4.4.1') } });
    expect(stdout).toMatch(/< -j2 --jobserver-auth=fifo:\/\S+>/u);
    expect(exitCode).toBe(0);
  });

  it('says of a command that is not there what is said of any other', async () => {
    const spec = 'pools: { p: { workers: 2, jobserver: true, tasks: [x], command: [no-such-command] } }\n';
    const { stdout, stderr, exitCode } = await runCli(['run'], { cwd: tempFolder({ 'mpctl.yaml': spec }) });
    expect(`${stdout}${stderr}`).toContain('[MP801]');
    expect(exitCode).toBe(1);
  });
});

/** A search path with a make of this version, which only says so. */
function withMake(version: string): string {
  const folder = tempFolder({ make: `#!/bin/sh\necho 'GNU Make ${version}'\n` });
  chmodSync(path.join(folder, 'make'), 0o755);
  return `${folder}:${process.env['PATH'] ?? ''}`;
}
