import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { JobConductor } from '../rig/job-conductor.ts';
import { MakeFifo } from '../rig/make-fifo.ts';
import { type CliRun, startCli } from '../rig/run-cli.ts';
import { startMake, tokensAreMissing } from '../rig/run-make.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** A folder in which `JOB` in these files is a job. */
function project(jobs: { readonly limit: number; readonly total: number }, files: Readonly<Record<string, string>> = {}): { cwd: string; jobs: JobConductor } {
  const cwd = tempFolder({ 'tmp/.keep': '' });
  const conductor = new JobConductor(cwd, jobs);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(cwd, name), text.replaceAll('JOB', conductor.job));
  return { cwd, jobs: conductor };
}

/** A call for so many jobs. */
function poolOf(command: string, count: number, flags = '-j8'): string {
  return `pool ${flags} -- '${command}' ::: ${Array.from({ length: count }, (_, index) => index + 1).join(' ')}`;
}

async function startPool(argv: readonly string[], cwd: string, makeflags: string): Promise<CliRun> {
  return startCli(['pool', ...argv], { cwd, program, environment: { MAKEFLAGS: makeflags, TMPDIR: path.join(cwd, 'tmp'), PARALLEL_SHELL: '/bin/sh' } });
}

describe('`mpctl pool` in a recipe of make', () => {
  it('runs no more jobs at once than make has, and uses all of them', async () => {
    const { cwd, jobs } = project({ limit: 3, total: 12 }, { Makefile: `all:\n\t+@$(MPCTL) ${poolOf('JOB', 12)}\n` });
    const { exitCode, output } = await (await startMake(['-j3'], cwd, program)).result;
    expect(jobs.seen).toEqual({ most: 3, begun: 12, ended: 12 });
    expect(output).toBe('');
    expect(exitCode).toBe(0);
  });

  it('shares them with another pool, and with the recipes beside it', async () => {
    const recipes = `one two:\n\t+@$(MPCTL) ${poolOf('JOB', 9)}\na b c d:\n\t@JOB\n`;
    const { cwd, jobs } = project({ limit: 3, total: 22 }, { Makefile: `all: one two a b c d\n${recipes}` });
    const { exitCode, output } = await (await startMake(['-j3'], cwd, program)).result;
    expect(jobs.seen).toEqual({ most: 3, begun: 22, ended: 22 });
    expect(output).toBe('');
    expect(exitCode).toBe(0);
  });

  it('passes the jobserver on: the makes in its jobs take theirs from the same', async () => {
    // The first six are started by mpctl itself, the others by the shells of their slots.
    const { cwd, jobs } = project({ limit: 3, total: 20 }, { Makefile: `all:\n\t+@$(MPCTL) ${poolOf('make -f jobs.mk N={}', 10, '-j3')}\n`, 'jobs.mk': 'all: a b\na b:\n\t@JOB\n' });
    const { exitCode, output } = await (await startMake(['-j3'], cwd, program)).result;
    expect(jobs.seen).toEqual({ most: 3, begun: 20, ended: 20 });
    expect(output).not.toMatch(tokensAreMissing);
    expect(output).not.toContain('warning: jobserver');
    expect(exitCode).toBe(0);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('puts all tokens back after %s: the next line of the recipe can use all of them', async (signal) => {
    const { cwd, jobs } = project(
      { limit: 3, total: 6 },
      {
        Makefile: `all:\n\t+-@echo $$$$ >pid; exec $(MPCTL) ${poolOf('JOB', 12)}\n\t@echo over >over; read -r _ <go\n\t@$(MAKE) -f jobs.mk\n`,
        'jobs.mk': 'all: a b c\na b c:\n\t@JOB\n',
      },
    );
    execFileSync('mkfifo', [path.join(cwd, 'over'), path.join(cwd, 'go')]);
    const over = once(spawn('cat', [path.join(cwd, 'over')], { stdio: 'ignore' }), 'exit');
    const make = await startMake(['-j3'], cwd, program);
    jobs.pause();
    await jobs.running(3);
    process.kill(Number(readFileSync(path.join(cwd, 'pid'), 'utf8')), signal);
    await over;
    jobs.resume(3);
    writeFileSync(path.join(cwd, 'go'), '\n');
    const { exitCode, output } = await make.result;
    expect(jobs.seen).toEqual({ most: 3, begun: 6, ended: 6 });
    expect(output).not.toMatch(tokensAreMissing);
    expect(exitCode).toBe(0);
  });

  it('says so where make was not told of it, and runs as without make', async () => {
    const { cwd, jobs } = project({ limit: 8, total: 12 }, { Makefile: `all:\n\t@$(MPCTL) ${poolOf('JOB; echo "<$$MAKEFLAGS>"', 12)}\n` });
    const { exitCode, output } = await (await startMake(['-j3'], cwd, program)).result;
    expect(output).toMatch(/^mpctl: make's jobserver cannot be used, .*; put `\+` before the recipe line \(MP827\)\n/u);
    // No make in a job is told of descriptors that it does not get.
    expect(output).not.toContain('jobserver-auth');
    expect(jobs.seen).toEqual({ most: 8, begun: 12, ended: 12 });
    expect(exitCode).toBe(0);
  });

  it('shows nothing but what it would do under `make -n`', async () => {
    const { cwd } = project({ limit: 8, total: 0 }, { Makefile: 'all:\n\t+@$(MPCTL) pool -j8 -- touch ::: done\n' });
    const { exitCode, output } = await (await startMake(['-n', '-j3'], cwd, program)).result;
    expect(output).toContain('\ntouch done\n');
    expect(existsSync(path.join(cwd, 'done'))).toBe(false);
    expect(exitCode).toBe(0);
  });
});

describe('the tokens of a make of version 4.4 and `mpctl pool`', () => {
  const items = (count: number): readonly string[] => [':::', ...Array.from({ length: count }, (_, index) => String(index + 1))];

  it('are as many as jobs run at once besides the first, and the same ones come back', async () => {
    const { cwd, jobs } = project({ limit: 3, total: 12 });
    const fifo = new MakeFifo(cwd, 'ab');
    const run = await startPool(['-j8', '--', jobs.job, ...items(12)], cwd, fifo.flags);
    expect((await run.result).exitCode).toBe(0);
    expect(jobs.seen).toEqual({ most: 3, begun: 12, ended: 12 });
    expect(fifo.rest()).toBe('ab');
  });

  it('are no more than `-j` has a use for', async () => {
    const { cwd, jobs } = project({ limit: 2, total: 6 });
    const fifo = new MakeFifo(cwd, 'abc');
    const run = await startPool(['-j2', '--', jobs.job, ...items(6)], cwd, fifo.flags);
    jobs.pause();
    await jobs.running(2);
    expect(fifo.rest()).toHaveLength(2);
    jobs.resume();
    expect((await run.result).exitCode).toBe(0);
    expect(jobs.seen).toEqual({ most: 2, begun: 6, ended: 6 });
    expect(fifo.rest()).toHaveLength(1);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('come back after %s', async (signal) => {
    const { cwd, jobs } = project({ limit: 3, total: 12 });
    const fifo = new MakeFifo(cwd, 'ab');
    const run = await startPool(['-j8', '--', jobs.job, ...items(12)], cwd, fifo.flags);
    jobs.pause();
    await jobs.running(3);
    // All of them are in use.
    expect(() => fifo.rest()).toThrow('EAGAIN');
    run.kill(signal);
    expect(await fifo.tokens(2)).toBe('ab');
    expect((await run.result).signal).toBe(signal);
  });

  it('come back when a failure has stopped the jobs, and where a command is not there', async () => {
    const { cwd, jobs } = project({ limit: 3, total: 8 });
    const fifo = new MakeFifo(cwd, 'ab');
    const halted = await startPool(['-j8', '--halt', 'now,fail=1', '--', `${jobs.job} {} && exit 3`, ...items(8)], cwd, fifo.flags);
    expect((await halted.result).exitCode).toBe(3);
    expect(jobs.seen.most).toBe(3);
    expect(fifo.rest()).toHaveLength(2);
    fifo.put('ab');
    const missing = await startPool(['-j8', '--', 'no-such-command', 'x', ...items(9)], cwd, fifo.flags);
    expect((await missing.result).exitCode).toBe(9);
    expect(fifo.rest()).toBe('ab');
  });

  it('are not needed for one job at a time', async () => {
    const { cwd, jobs } = project({ limit: 1, total: 5 });
    const fifo = new MakeFifo(cwd, '');
    const run = await startPool(['-j8', '--', jobs.job, ...items(5)], cwd, fifo.flags);
    expect((await run.result).exitCode).toBe(0);
    expect(jobs.seen).toEqual({ most: 1, begun: 5, ended: 5 });
  });

  it('are taken as soon as they come', async () => {
    const { cwd, jobs } = project({ limit: 2, total: 3 });
    const fifo = new MakeFifo(cwd, '');
    const run = await startPool(['-j8', '--', jobs.job, ...items(3)], cwd, fifo.flags);
    await jobs.running(1);
    fifo.put('x');
    expect((await run.result).exitCode).toBe(0);
    expect(jobs.seen).toEqual({ most: 2, begun: 3, ended: 3 });
    expect(fifo.rest()).toBe('x');
  });

  it('are passed on by their name, and nothing is asked of a make without a jobserver', async () => {
    const { cwd, jobs } = project({ limit: 4, total: 4 });
    const fifo = new MakeFifo(cwd, 'ab');
    const under = await startPool(['--', 'echo "$MAKEFLAGS" {}', ':::', 'x'], cwd, fifo.flags);
    expect((await under.result).stdout).toBe(`${fifo.flags} x\n`);
    const without = await startPool(['-j4', '--', `${jobs.job}; echo "$MAKEFLAGS" {}`, ...items(4)], cwd, 'k -j1');
    expect((await without.result).stdout).toContain('k -j1 4\n');
    expect(jobs.seen.most).toBe(4);
  });
});
