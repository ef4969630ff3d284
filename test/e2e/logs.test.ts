import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CliResult, type CliRun, runCli, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { verbsAlone } from '../rig/verbs-alone.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

const spec = `
daemons:
  server: { command: 'trap "echo again" HUP; trap "printf bye; exit" TERM; echo up; while :; do sleep 0.02 || :; done', stderr: null }
processes:
  web: { command: 'printf "web $MPCTL_REPLICA\\n"', replicas: 2 }
  web-admin: { command: [echo, admin], depends_on: [web] }
  quiet: { command: [echo, unseen], stdout: null, depends_on: [web-admin] }
  last: { command: 'exec sleep 60', depends_on: [quiet] }
pools:
  hash: { workers: 1, tasks: [x], command: 'echo "<$MPCTL_ITEM>"' }
`;

interface Terminal {
  readonly run: CliRun;
  readonly mpctl: (...argv: readonly string[]) => Promise<CliResult>;
  readonly start: (...argv: readonly string[]) => Promise<CliRun>;
}

/** A run that goes on, and another terminal in its folder. */
async function open(text = spec): Promise<Terminal> {
  const cwd = tempFolder({ 'mpctl.yaml': text });
  const run = await startCli(['run'], { cwd, program });
  return { run, mpctl: (...argv) => runCli(argv, { cwd, program }), start: (...argv) => startCli(argv, { cwd, program }) };
}

/** The id of the only run, and the process id of its only process. */
function runningOf(runs: string, processes: string): { readonly id: string; readonly pid: number } {
  const [run] = JSON.parse(runs) as readonly { readonly id: string }[];
  const [one] = (JSON.parse(processes) as { readonly processes: readonly { readonly pid: number }[] }).processes;
  if (run === undefined || one === undefined) throw new Error(`no run in ${runs} ${processes}`);
  return { id: run.id, pid: one.pid };
}

/** The process that would clean up after a run. */
function guardianOf(id: string): number {
  const found = readdirSync('/proc').filter((pid) => {
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return argv.includes('mpctl-guardian') && argv.includes(id);
    } catch {
      return false;
    }
  });
  expect(found).toHaveLength(1);
  return Number(found[0]);
}

async function endOf(run: CliRun): Promise<void> {
  run.kill('SIGTERM');
  await run.result;
}

describe('the logs of a run that goes on', () => {
  it('are shown as they are, one alone or each line behind its name', async () => {
    const { run, mpctl } = await open();
    await run.waitForOutput(/`last` started/u, 'stderr');
    expect(await mpctl('logs', 'web-1')).toMatchObject({ stdout: 'web 1\n', stderr: '', exitCode: 0 });
    expect((await mpctl('logs', 'web')).stdout).toBe('[web-1] web 1\n[web-2] web 2\n');
    expect((await mpctl('logs', 'web-2', 'web')).stdout).toBe('[web-2] web 2\n[web-1] web 1\n');
    expect((await mpctl('logs', 'hash')).stdout).toBe('<x>\n');
    expect(await mpctl('logs', 'quiet')).toMatchObject({ stdout: '', stderr: '', exitCode: 0 });
    expect((await mpctl('logs')).stdout).toBe('[web-1] web 1\n[web-2] web 2\n[web-admin] admin\n[server] up\n[hash-1] <x>\n');
    expect(await mpctl('logs', 'weeb')).toMatchObject({ stdout: '', exitCode: 2 });
    expect((await mpctl('logs', 'weeb')).stderr).toBe('mpctl: the run has no process and no pool `weeb` (did you mean `web`?)\n');
    await endOf(run);
  });

  it('are followed until it is over, to the last line', async () => {
    const { run, start, mpctl } = await open();
    await run.waitForOutput(/`last` started/u, 'stderr');
    const [all, one] = await Promise.all([start('logs', '-f'), start('logs', '--follow', 'server')]);
    await Promise.all([all.waitForOutput(/\[server\] up\n/u), one.waitForOutput(/up\n/u)]);
    expect(await mpctl('signal', 'server', 'SIGHUP')).toMatchObject({ exitCode: 0 });
    await Promise.all([all.waitForOutput(/\[server\] again\n/u), one.waitForOutput(/up\nagain\n/u)]);
    await endOf(run);
    expect(await one.result).toEqual({ stdout: 'up\nagain\nbye', stderr: '', exitCode: 0, signal: null });
    const { stdout, exitCode } = await all.result;
    expect(stdout.endsWith('[server] again\n[server] bye\n')).toBe(true);
    expect(exitCode).toBe(0);
  });

  it('are followed through every file that they are written to', async () => {
    const { run, start, mpctl } = await open(`
processes:
  counter: { command: 'trap "seq 1 30000; printf end; exit" HUP; echo 0; while :; do sleep 0.02 || :; done', stderr: null, log: { max_size: 20K, keep: 20 } }
  other: { command: 'true' }
`);
    await run.waitForOutput(/\[counter\] 0\n/u);
    const [raw, named] = await Promise.all([start('logs', 'counter', '-f'), start('logs', '-f')]);
    await Promise.all([raw.waitForOutput(/0\n/u), named.waitForOutput(/\[counter\] 0\n/u)]);
    expect(await mpctl('signal', 'counter', 'SIGHUP')).toMatchObject({ exitCode: 0 });
    const lines = Array.from({ length: 30_001 }, (_, index) => String(index));
    expect((await raw.result).stdout).toBe(`${lines.join('\n')}\nend`);
    expect((await named.result).stdout).toBe([...lines, 'end'].map((text) => `[counter] ${text}\n`).join(''));
  });

  it('are followed to the end of a run whose mpctl is killed', async () => {
    const { run, start } = await open();
    await run.waitForOutput(/up\n/u);
    const follower = await start('logs', 'server', '-f');
    await follower.waitForOutput(/up\n/u);
    run.kill('SIGKILL');
    expect(await follower.result).toMatchObject({ exitCode: 0, signal: null });
  });

  it('are followed until the door of the run is gone, where nobody is left who could note its end', async () => {
    const { run, start, mpctl } = await open("processes: { a: { command: 'echo up; exec sleep 60' } }");
    await run.waitForOutput(/up\n/u);
    const { id, pid } = runningOf((await mpctl('runs', '--json')).stdout, (await mpctl('ps', '--json')).stdout);
    const guardian = guardianOf(id);
    onTestFinished(() => {
      process.kill(pid, 'SIGKILL');
    });
    const follower = await start('logs', '-f');
    await follower.waitForOutput(/up\n/u);
    // Stopped, it starts no other one.
    run.kill('SIGSTOP');
    process.kill(guardian, 'SIGKILL');
    run.kill('SIGKILL');
    expect(await follower.result).toMatchObject({ stdout: 'up\n', stderr: '', exitCode: 0 });
    expect(JSON.parse((await mpctl('runs', '--json')).stdout)).toMatchObject([{ id, end: null, alive: false }]);
  });

  it('are followed until nobody reads them any more', async () => {
    const { run, start, mpctl } = await open();
    await run.waitForOutput(/up\n/u);
    const follower = await start('logs', 'server', '-f');
    await follower.waitForOutput(/up\n/u);
    follower.closeOutput();
    expect(await mpctl('signal', 'server', 'SIGHUP')).toMatchObject({ exitCode: 0 });
    expect(await follower.result).toMatchObject({ signal: null });
    await endOf(run);
  });

  it('of several runs are those of the one that is named', async () => {
    const { run, start, mpctl } = await open();
    const other = await start('run');
    await Promise.all([run.waitForOutput(/`last` started/u, 'stderr'), other.waitForOutput(/`last` started/u, 'stderr')]);
    const both = await mpctl('logs', 'web-1');
    expect(both).toMatchObject({ exitCode: 2 });
    expect(both.stderr).toContain('say which with `--run ID`: ');
    const [id = ''] = both.stderr.split(': ').at(-1)?.split(/[,)]/u) ?? [];
    expect((await mpctl('logs', 'web-1', '--run', id)).stdout).toBe('web 1\n');
    await Promise.all([endOf(run), endOf(other)]);
  });
});

describe('the logs of a run that has ended', () => {
  it('are shown, of the last one or the one that is named', async () => {
    const { run, mpctl, start } = await open('processes: { a: { command: \'printf "one\\n\\ntwo\\377"\' }, b: { command: [echo, "b of ${{ env.MPCTL_RUN_ID }}"] } }');
    await run.result;
    const second = await start('run');
    await second.result;
    const ids = (JSON.parse((await mpctl('runs', '--json')).stdout) as readonly { readonly id: string }[]).map(({ id }) => id);
    expect((await mpctl('logs', 'b')).stdout).toBe(`b of ${ids[1]}\n`);
    expect((await mpctl('logs', 'b', '--run', ids[0] ?? '')).stdout).toBe(`b of ${ids[0]}\n`);
    expect((await mpctl('logs', '--follow')).stdout).toBe(`[a] one\n[a] \n[a] two\uFFFD\n[b] b of ${ids[1]}\n`);
    expect((await mpctl('logs', '-n', '1')).stdout).toBe(`[a] two\uFFFD\n[b] b of ${ids[1]}\n`);
    expect((await mpctl('logs', '--lines=0')).stdout).toBe('');
    expect(await mpctl('logs', '--lines', 'few')).toMatchObject({ exitCode: 2 });
    expect((await mpctl('logs', '--run', 'none')).stderr).toBe('mpctl: there is no run `none` in this folder (`mpctl runs` lists them)\n');
  });

  it('are every byte of it', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'processes: { a: { command: \'printf "\\000\\377\\200"; head -c 3000000 /dev/zero\' } }' });
    await runCli(['run', '--output', 'quiet'], { cwd, program });
    const stdoutFile = path.join(cwd, 'copy');
    expect(await runCli(['logs'], { cwd, program, stdoutFile })).toMatchObject({ exitCode: 0 });
    expect(readFileSync(stdoutFile).equals(Buffer.concat([Buffer.from([0, 255, 128]), Buffer.alloc(3_000_000)]))).toBe(true);
  });

  it('are for nobody but the user who has run it, and others are told so', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'processes: { a: { command: [echo, one] } }' });
    await runCli(['run'], { cwd, program });
    const folder = path.join(cwd, '.mpctl');
    // The user of the tests may be the one whom permissions bind.
    chmodSync(folder, 0);
    onTestFinished(() => {
      chmodSync(folder, 0o700);
    });
    chmodSync(cwd, 0o755);
    const alone = verbsAlone();
    const asAnother = (...argv: readonly string[]): Promise<CliResult> => runCli(argv, { cwd, isBound: true, program: alone });
    const clause = `those in ${folder}/runs are another user's, who alone may see and ask them`;
    expect(await asAnother('logs', '-f')).toMatchObject({ stdout: '', stderr: `mpctl: there was no run in this folder yet (${clause})\n`, exitCode: 2 });
    expect(await asAnother('ps')).toMatchObject({ stdout: '', stderr: `mpctl: no run goes on in this folder (${clause})\n`, exitCode: 2 });
    expect(await asAnother('runs', '--json')).toMatchObject({ stdout: '[]\n', stderr: `mpctl: these are not all of the runs: ${clause}\n`, exitCode: 0 });
    chmodSync(folder, 0o700);
    expect((await runCli(['logs'], { cwd, program })).stdout).toBe('one\n');
  });

  it('are none where there was no run', async () => {
    expect(await runCli(['logs'], { cwd: tempFolder(), program })).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
