import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, type CliResult } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

async function pool(argv: readonly string[], cwd: string): Promise<CliResult> {
  return runCli(['pool', ...argv], { cwd, program });
}

describe('a job log whose writer was killed in the middle of a line', () => {
  const said = 'mpctl: the last line of the job log `log` was not written to its end: its job counts as not run\n';

  /** The log of three jobs, of which the last or the only line lacks so many characters. */
  async function tornLog(cwd: string, lacks: number): Promise<string> {
    const log = path.join(cwd, 'log');
    await pool(['-j1', '--joblog', 'log', '--', 'echo', ':::', 'a', 'b', 'c'], cwd);
    const whole = readFileSync(log, 'utf8');
    writeFileSync(log, whole.slice(0, whole.length - lacks));
    return log;
  }

  function numbersIn(log: string): readonly string[] {
    return readFileSync(log, 'utf8').split('\n').map((line) => line.split('\t')[0] ?? '');
  }

  it.each([1, 8, 25])('runs the job of that line again, and is whole in the end: %d characters short', async (lacks) => {
    const cwd = tempFolder();
    const log = await tornLog(cwd, lacks);
    expect(await pool(['-j1', '--joblog', 'log', '--resume', '--', 'echo', ':::', 'a', 'b', 'c', 'd'], cwd)).toMatchObject({ stdout: 'c\nd\n', stderr: said, exitCode: 0 });
    expect(numbersIn(log)).toEqual(['Seq', '1', '2', '3', '4', '']);
    expect(await pool(['-j1', '--joblog', 'log', '--resume-failed', '--', 'echo', ':::', 'a', 'b', 'c', 'd'], cwd)).toMatchObject({ stdout: '', stderr: '', exitCode: 0 });
  });

  it('has no part of a command run by `--retry-failed`', async () => {
    const cwd = tempFolder();
    await pool(['-j1', '--joblog', 'log', '--', 'echo {}; exit 1', ':::', 'a', 'b'], cwd);
    const log = path.join(cwd, 'log');
    writeFileSync(log, readFileSync(log, 'utf8').slice(0, -9));
    expect(await pool(['-j1', '--joblog', 'log', '--retry-failed', '--'], cwd)).toMatchObject({ stdout: 'a\n', stderr: said });
    expect(numbersIn(log)).toEqual(['Seq', '1', '1', '']);
  });

  it('is begun anew where its first line is that one, and added to behind its last whole line', async () => {
    const cwd = tempFolder();
    const log = path.join(cwd, 'log');
    writeFileSync(log, 'Seq\tHost\tSta');
    await pool(['-j1', '--joblog', 'log', '--resume', '--', 'echo', ':::', 'a'], cwd);
    expect(readFileSync(log, 'utf8')).toMatch(/^Seq\tHost\tStarttime\t.*\n1\t.*\n$/u);
    await tornLog(cwd, 10);
    expect(await pool(['-j1', '--joblog', '+log', '--', 'echo', ':::', 'x'], cwd)).toMatchObject({ stdout: 'x\n', stderr: said });
    expect(numbersIn(log)).toEqual(['Seq', '1', '2', '1', '']);
    // What is no job log keeps every byte.
    writeFileSync(log, 'notes');
    await pool(['-j1', '--joblog', '+log', '--', 'echo', ':::', 'x'], cwd);
    expect(readFileSync(log, 'utf8').startsWith('notes')).toBe(true);
  });
});
