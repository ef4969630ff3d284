import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { JobConductor } from '../rig/job-conductor.ts';
import { MakeFifo } from '../rig/make-fifo.ts';
import { startCli } from '../rig/run-cli.ts';
import { startMake, tokensAreMissing } from '../rig/run-make.ts';
import { tempFolder } from '../rig/temp-folder.ts';

/** A folder with a makefile and a spec in which `JOB` is a job. */
function project(jobs: { readonly limit: number; readonly total: number }, files: Readonly<Record<string, string>>): { cwd: string; jobs: JobConductor } {
  const cwd = tempFolder({});
  const conductor = new JobConductor(cwd, jobs);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(cwd, name), text.replaceAll('JOB', conductor.job));
  return { cwd, jobs: conductor };
}

const pool = 'pools: { p: { workers: 8, tasks: { range: [1, 12] }, command: "JOB" } }\n';

describe('mpctl in a recipe of make', () => {
  it('runs no more commands at once than make has jobs, and uses all of them', async () => {
    const { cwd, jobs } = project({ limit: 3, total: 12 }, { Makefile: 'all:\n\t+$(MPCTL) run\n', 'mpctl.yaml': pool });
    const { exitCode, output } = await (await startMake(['-j3'], cwd)).result;
    expect(jobs.seen).toEqual({ most: 3, begun: 12, ended: 12 });
    expect(output).not.toMatch(tokensAreMissing);
    expect(exitCode).toBe(0);
  });

  it('shares them with the other recipes, and lets them have what it does not need', async () => {
    const { cwd, jobs } = project(
      { limit: 3, total: 22 },
      { Makefile: 'all: m a b c d e f g h i j\nm:\n\t+@$(MPCTL) run\na b c d e f g h i j:\n\t@JOB\n', 'mpctl.yaml': pool },
    );
    const { exitCode, output } = await (await startMake(['-j3'], cwd)).result;
    expect(jobs.seen).toEqual({ most: 3, begun: 22, ended: 22 });
    expect(output).not.toMatch(tokensAreMissing);
    expect(exitCode).toBe(0);
  });

  it('counts the commands of processes, of `run` steps and of pools, and no daemons', async () => {
    const spec = `
processes:
  a: { command: "JOB", replicas: 3 }
  b: { steps: [{ run: "JOB" }], replicas: 2 }
daemons:
  d: { command: sleep 1000 }
pools:
  p: { workers: 2, tasks: [x, y], command: "JOB" }
  q: { workers: 2, tasks: [x, y], steps: [{ run: "JOB" }] }
`;
    const { cwd, jobs } = project({ limit: 2, total: 9 }, { Makefile: 'all:\n\t+$(MPCTL) run\n', 'mpctl.yaml': spec });
    const { exitCode, output } = await (await startMake(['-j2'], cwd)).result;
    expect(jobs.seen).toEqual({ most: 2, begun: 9, ended: 9 });
    expect(output).not.toMatch(tokensAreMissing);
    expect(exitCode).toBe(0);
  });

  it('passes the jobserver on: the makes in its tasks take their jobs from the same', async () => {
    const { cwd, jobs } = project(
      { limit: 3, total: 16 },
      {
        Makefile: 'all:\n\t+@$(MPCTL) run\n',
        'jobs.mk': 'all: a b c d\na b c d:\n\t@JOB\n',
        'mpctl.yaml': 'pools: { p: { workers: 4, jobserver: true, tasks: { range: [1, 4] }, command: [make, -f, jobs.mk] } }\n',
      },
    );
    const { exitCode, output } = await (await startMake(['-j3'], cwd)).result;
    expect(jobs.seen).toEqual({ most: 3, begun: 16, ended: 16 });
    expect(output).not.toMatch(tokensAreMissing);
    expect(output).not.toContain('warning: jobserver');
    expect(exitCode).toBe(0);
  });

  it('says so where make was not told of it, and runs as without make', async () => {
    const { cwd, jobs } = project({ limit: 8, total: 12 }, { Makefile: 'all:\n\t$(MPCTL) run\n', 'mpctl.yaml': pool });
    const { exitCode, output } = await (await startMake(['-j3'], cwd)).result;
    expect(output).toContain("make's jobserver cannot be used");
    expect(output).toContain('put `+` before the recipe line (MP827)');
    expect(jobs.seen).toEqual({ most: 8, begun: 12, ended: 12 });
    expect(exitCode).toBe(0);
  });

  it('shows nothing but what it would do under `make -n`', async () => {
    const { cwd } = project({ limit: 8, total: 0 }, { Makefile: 'all:\n\t+$(MPCTL) run\n', 'mpctl.yaml': 'processes: { a: { command: touch done } }\n' });
    const { exitCode, output } = await (await startMake(['-n', '-j3'], cwd)).result;
    expect(output).toContain('touch done');
    expect(output).not.toContain('succeeded');
    expect(() => readFileSync(path.join(cwd, 'done'))).toThrow('ENOENT');
    expect(exitCode).toBe(0);
  });
});

describe('the tokens of a make of version 4.4', () => {
  it('are as many as commands run at once, and the same ones come back', async () => {
    const { cwd, jobs } = project({ limit: 3, total: 12 }, { 'mpctl.yaml': pool });
    const fifo = new MakeFifo(cwd, 'ab');
    const { exitCode } = await (await startCli(['run'], { cwd, environment: { MAKEFLAGS: fifo.flags } })).result;
    expect(jobs.seen).toEqual({ most: 3, begun: 12, ended: 12 });
    expect(fifo.rest()).toBe('ab');
    expect(exitCode).toBe(0);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('come back after %s', async (signal) => {
    const { cwd, jobs } = project({ limit: 3, total: 12 }, { 'mpctl.yaml': pool });
    const fifo = new MakeFifo(cwd, 'ab');
    const run = await startCli(['run'], { cwd, environment: { MAKEFLAGS: fifo.flags } });
    jobs.pause();
    await jobs.running(3);
    run.kill(signal);
    expect(await fifo.tokens(2)).toBe('ab');
    expect((await run.result).signal).toBe(signal);
  });

  it('come back when a failure has stopped the run', async () => {
    const { cwd, jobs } = project({ limit: 3, total: 8 }, { 'mpctl.yaml': 'pools: { p: { workers: 8, tasks: { range: [1, 8] }, command: "JOB; exit 3", halt: { after: 1 }, on_halt: kill } }\n' });
    const fifo = new MakeFifo(cwd, 'ab');
    const { exitCode } = await (await startCli(['run'], { cwd, environment: { MAKEFLAGS: fifo.flags } })).result;
    expect(exitCode).toBe(1);
    expect(jobs.seen.most).toBe(3);
    expect(fifo.rest()).toBe('ab');
  });

  it('are waited for without end, and that is no deadlock', async () => {
    const { cwd, jobs } = project({ limit: 2, total: 2 }, { 'mpctl.yaml': 'processes:\n  a: { command: "JOB" }\n  b: { command: "JOB" }\n' });
    const fifo = new MakeFifo(cwd, '');
    const run = await startCli(['run'], { cwd, environment: { MAKEFLAGS: fifo.flags } });
    await run.waitForOutput(/is waiting for a token of make's jobserver/u, 'stderr');
    await jobs.running(1);
    fifo.put('x');
    expect((await run.result).exitCode).toBe(0);
    expect(jobs.seen).toEqual({ most: 2, begun: 2, ended: 2 });
    expect(fifo.rest()).toBe('x');
  });
});
