import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readRunRecord } from '../../src/runtime/run-folder/run-record.ts';
import { type CliResult, type CliRun, runCli, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

const spec = `
locks: { book: }
daemons:
  server:
    command: 'trap "echo hup" HUP; echo "attempt $MPCTL_ATTEMPT"; echo up; while :; do sleep 0.02 || :; done'
    readiness_probe: { log_line: up }
processes:
  holder: { command: 'echo holding; exec sleep 60', with: [book] }
  waiter: { command: [echo, not yet], with: [book], depends_on: { holder: { condition: start } } }
  extra: { command: [echo, extra], autostart: false }
`;

interface Terminal {
  readonly run: CliRun;
  readonly cwd: string;
  readonly mpctl: (...argv: readonly string[]) => Promise<CliResult>;
}

/** Wrong usage, with this in its one line. */
function refusedWith(text: string): (result: CliResult) => boolean {
  return ({ exitCode, stderr }) => exitCode === 2 && stderr.includes(text);
}

/** A run that goes on, and another terminal in its folder. */
async function open(text = spec): Promise<Terminal> {
  const cwd = tempFolder({ 'mpctl.yaml': text });
  const run = await startCli(['run'], { cwd, program });
  return { run, cwd, mpctl: (...argv) => runCli(argv, { cwd, program }) };
}

describe('from another terminal', () => {
  it('one sees who runs and who waits for whom', async () => {
    const { run, mpctl } = await open();
    await run.waitForOutput(/holding/u);
    expect(await mpctl('wait', 'server', '--for', 'ready', '--timeout', '20s')).toMatchObject({ exitCode: 0 });
    const { stdout } = await mpctl('ps');
    expect(stdout).toMatch(/^NAME +STATE +PID +EXITCODE +ATTEMPT +WAITS FOR\n/u);
    expect(stdout).toMatch(/^server +ready +\d+ +- +1$/mu);
    expect(stdout).toMatch(/^waiter +waiting +- +- +0 +lock `book`, held by `holder`$/mu);
    expect((await mpctl('why', 'waiter')).stdout).toBe('waiter is waiting: waiting for lock `book`, held by `holder`\n');
    expect((await mpctl('why', 'holder')).stdout).toBe('holder is running, and waits for nothing\n');
    expect(JSON.parse((await mpctl('ps', '--json')).stdout)).toMatchObject({ phase: 'main' });
    expect(await mpctl('why', 'nobody')).toSatisfy(refusedWith('mpctl ps'));
    run.kill('SIGTERM');
    await run.result;
  });

  it('one signals, restarts, starts and stops what is in it, and the whole of it', async () => {
    const { run, mpctl } = await open();
    await run.waitForOutput(/attempt 1\n/u);
    expect(await mpctl('signal', 'server', 'SIGHUP')).toMatchObject({ exitCode: 0 });
    await run.waitForOutput(/\[server\] hup\n/u);
    expect(await mpctl('signal', 'extra', 'SIGHUP')).toMatchObject({ exitCode: 4 });
    expect(await mpctl('signal', 'server', 'SIGNOT')).toMatchObject({ exitCode: 2 });
    expect(await mpctl('restart', 'server')).toMatchObject({ exitCode: 0 });
    await run.waitForOutput(/\[server\] attempt 2\n/u);
    expect(await mpctl('start', 'extra')).toMatchObject({ exitCode: 0 });
    await run.waitForOutput(/\[extra\] extra\n/u);
    expect(await mpctl('stop', 'holder')).toMatchObject({ exitCode: 0 });
    await run.waitForOutput(/\[waiter\] not yet\n/u);
    // The last process has ended: the run may be over by now.
    await run.result;
    expect(run.output.stderr).toContain('`a user` asked for it');
  });

  it('one stops the whole run as Ctrl-C does', async () => {
    const { run, mpctl } = await open();
    await run.waitForOutput(/holding/u);
    expect(await mpctl('stop')).toMatchObject({ exitCode: 0 });
    expect(await run.result).toMatchObject({ signal: 'SIGTERM' });
    const { stdout } = await mpctl('runs');
    expect(stdout).toMatch(/^ID +OUTCOME +EXIT +BEGUN +FOLDER\n\S+ +cancelled +143 /u);
    expect(await mpctl('ps')).toSatisfy(refusedWith('no run goes on in this folder'));
  });

  it('one sees that a run was killed, and its socket and its pipes are gone', async () => {
    const { run, mpctl } = await open();
    await run.waitForOutput(/holding/u);
    const listed = async (): Promise<string> => (await mpctl('runs')).stdout;
    const folder = / (?<folder>\/\S+)$/mu.exec(await listed())?.groups?.['folder'] ?? '';
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['door', 'fifos', 'run.json']));
    run.kill('SIGKILL');
    await run.result;
    expect(await listed()).toMatch(/^\S+ +killed +- /mu);
    await vi.waitFor(() => expect(readRunRecord(folder)?.end).not.toBeNull(), 20_000);
    expect(await listed()).toMatch(/^\S+ +killed +- /mu);
    expect(readdirSync(folder).filter((name) => !name.endsWith('.log'))).toEqual(['operator.key', 'run.json']);
  });

  it('one says which, where several go on', async () => {
    const first = await open();
    const second = await startCli(['run'], { cwd: first.cwd, program });
    await Promise.all([first.run.waitForOutput(/holding/u), second.waitForOutput(/holding/u)]);
    const both = await first.mpctl('ps');
    expect(both).toSatisfy(refusedWith('say which with `--run ID`'));
    const listed = JSON.parse((await first.mpctl('runs', '--json')).stdout) as readonly { readonly id: string; readonly pid: number }[];
    const id = listed.find(({ pid }) => pid === second.pid)?.id ?? '';
    expect(await first.mpctl('stop', '--run', id)).toMatchObject({ exitCode: 0 });
    expect(await second.result).toMatchObject({ signal: 'SIGTERM' });
    expect(await first.mpctl('why', 'holder')).toMatchObject({ exitCode: 0 });
    first.run.kill('SIGTERM');
    await first.run.result;
  });

  it('one who is not the user of the run has no way in', async () => {
    const cwd = tempFolder();
    mkdirSync(path.join(cwd, 'elsewhere'));
    expect(await runCli(['stop', 'x'], { cwd, program })).toSatisfy(refusedWith('no run goes on'));
  });
});
