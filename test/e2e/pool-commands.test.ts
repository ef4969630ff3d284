import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { poolHelp } from '../../cmd/pool/help.ts';
import { spawn as spawnTerminal } from '@lydell/node-pty';
import { describe, expect, it } from 'vitest';
import { expectGolden } from '../rig/golden-file.ts';
import { runCli, startCli, type CliResult, type CliRun } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** A folder for the temporary files of the call as well, so that it is seen whether any are left. */
interface Place {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

function place(files: Readonly<Record<string, string>> = {}): Place {
  const cwd = tempFolder({ 'tmp/.keep': '', ...files });
  return { cwd, environment: { TMPDIR: path.join(cwd, 'tmp'), PARALLEL_SHELL: '/bin/sh' } };
}

function leftIn({ cwd }: Place): readonly string[] {
  return readdirSync(path.join(cwd, 'tmp')).filter((name) => name !== '.keep');
}

async function pool(argv: readonly string[], options: { readonly at?: Place; readonly input?: string | Uint8Array } = {}): Promise<CliResult> {
  const { at = place(), input } = options;
  const result = await runCli(['pool', ...argv], { ...at, program, ...(input === undefined ? {} : { input }) });
  expect(leftIn(at)).toEqual([]);
  return result;
}

async function startPool(argv: readonly string[], at: Place, input?: string): Promise<CliRun> {
  return startCli(['pool', ...argv], { ...at, program, ...(input === undefined ? {} : { input }) });
}

/** What was written, byte for byte. */
async function bytesOf(argv: readonly string[], input: Uint8Array): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { cwd, environment } = place();
  const { stdout, stderr } = await execa(process.execPath, [program, 'pool', ...argv], { cwd, env: environment, input, encoding: 'buffer', reject: false, stripFinalNewline: false });
  return { stdout: Buffer.from(stdout).toString('latin1'), stderr: Buffer.from(stderr).toString('latin1') };
}

/** Whether a process lives; a zombie does not. */
function lives(pid: number): boolean {
  try {
    return !/\) [ZX] /u.test(readFileSync(`/proc/${String(pid)}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

function pidsIn(file: string): readonly number[] {
  return readFileSync(file, 'utf8').trim().split('\n').map(Number);
}

/** Resolves when something has been written to every one of these named pipes. */
async function heard(fifos: readonly string[]): Promise<void> {
  await Promise.all(fifos.map(async (fifo) => once(spawn('cat', [fifo], { stdio: 'ignore' }), 'exit')));
}

describe('`mpctl pool` with items that are odd', () => {
  const odd = ["it's", '$HOME `id` "x"', 'a\nb', '-n', '--help', '', '😀é', '*', ' ', 'x'.repeat(100_000), '\\'];

  it('passes them to a command as they are', async () => {
    const { stdout, exitCode } = await pool(['-0', '-k', '--', process.execPath, '-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', '{}', 'x{}y'], {
      input: odd.map((item) => `${item}\0`).join(''),
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(`[${stdout.replaceAll('][', '],[')}]`)).toEqual(odd.map((item) => [item, `x${item}y`]));
  });

  it('quotes them in a shell line', async () => {
    const { stdout } = await pool(['-0', '-k', '--', 'printf "%s|" {}'], { input: odd.map((item) => `${item}\0`).join('') });
    expect(stdout).toBe(odd.map((item) => `${item}|`).join(''));
  });

  it('passes bytes that are no UTF-8, from standard input and from the command line', async () => {
    // The first run by themselves, the others in the shell of their slot.
    const bytes = Buffer.from('\u00FF\u00FE%s\\-n\n\n\0a\u00C3\0'.repeat(3), 'latin1');
    const words = await bytesOf(['-0', '-k', '-j1', '--', 'printf', '%s|', '{}'], bytes);
    expect(words).toEqual({ stdout: '\u00FF\u00FE%s\\-n\n\n|a\u00C3|'.repeat(3), stderr: '' });
    expect((await bytesOf(['-0', '-k', '--', 'printf "%s|" {}'], bytes)).stdout).toBe(words.stdout);
    const { cwd } = place();
    const listed = execFileSync('bash', ['-c', `"$0" "$1" pool -k -- printf '%s|' ::: $'\\xff' é`, process.execPath, program], { cwd, encoding: 'latin1' });
    expect(listed).toBe('\u00FF|\u00C3\u00A9|');
  });

  it('refuses one with NUL, and one that is longer than the system takes, and goes on', async () => {
    const nul = await pool(['-k', '--', 'echo'], { input: 'a\0b\nc\n' });
    expect(nul).toMatchObject({ stdout: 'c\n', exitCode: 1 });
    expect(nul.stderr).toContain('mpctl: an argument cannot have a NUL byte (`-0` ends items there): echo');
    const long = await pool(['-k', '--', 'printf', '%.1s'], { input: `${'x'.repeat(200_000)}\ny\n` });
    expect(long).toMatchObject({ stdout: 'y', exitCode: 1 });
    expect(long.stderr).toContain('the arguments and the environment of `printf` are too long for the system');
    expect(long.stderr.length).toBeLessThan(500);
  });

  it('says of a command that cannot be started why', async () => {
    const at = place({ plain: '' });
    const missing = await pool(['--joblog', 'log', '--', 'no-such-command', '{}', ':::', 'a'], { at });
    expect(missing).toMatchObject({ stderr: 'mpctl: the command `no-such-command` was not found in `PATH`: no-such-command a\n', exitCode: 1 });
    expect(readFileSync(path.join(at.cwd, 'log'), 'utf8')).toMatch(/\t127\t0\tno-such-command a\n$/u);
    expect((await pool(['--', './plain', 'x', ':::', 'a'], { at })).stderr).toMatch(/\/plain` may not be executed: \.\/plain x a\n$/u);
  });
});

describe('`mpctl pool` and what jobs write', () => {
  it('passes it on whole, each to its own stream, in the order of the items where that is wanted', async () => {
    const line = 'echo begin {}; echo err {} >&2; test {} = 1 && read line < go; echo end {}';
    const at = place();
    execFileSync('mkfifo', [path.join(at.cwd, 'go')]);
    const inOrder = await startPool(['-k', '-j2', '--', line, ':::', '1', '2', '3'], at);
    // The first ends last.
    writeFileSync(path.join(at.cwd, 'go'), '\n');
    expect(await inOrder.result).toMatchObject({ stdout: 'begin 1\nend 1\nbegin 2\nend 2\nbegin 3\nend 3\n', stderr: 'err 1\nerr 2\nerr 3\n' });
    const asTheyEnd = await startPool(['-j2', '--', line, ':::', '1', '2', '3'], at);
    await asTheyEnd.waitForOutput(/end 2\nbegin 3\nend 3\n/u);
    writeFileSync(path.join(at.cwd, 'go'), '\n');
    expect(await asTheyEnd.result).toMatchObject({ stdout: 'begin 2\nend 2\nbegin 3\nend 3\nbegin 1\nend 1\n' });
  });

  it('keeps it in files, however much it is, and takes a slow reader for what he is', async () => {
    const at = place();
    const megabytes = 200;
    const shell = `"$0" "$1" pool -j2 -k -- 'head -c ${megabytes}000000 /dev/zero | tr "\\0" {}' ::: a b | (sleep 0.5; cat)`;
    const child = spawn('sh', ['-c', shell, process.execPath, program], { cwd: at.cwd, env: { PATH: process.env['PATH'], ...at.environment }, stdio: ['ignore', 'pipe', 'inherit'] });
    const seen = createHash('sha256');
    const wanted = createHash('sha256');
    child.stdout.on('data', (piece: Buffer) => seen.update(piece));
    await once(child, 'close');
    for (const letter of 'ab') for (let count = 0; count < megabytes; count += 1) wanted.update(letter.repeat(1_000_000));
    expect(seen.digest('hex')).toBe(wanted.digest('hex'));
    expect(leftIn(at)).toEqual([]);
  });

  it('keeps what waits for an earlier job, in memory and in files, whole and in order', async () => {
    const at = place();
    execFileSync('mkfifo', [path.join(at.cwd, 'go')]);
    // More than is held in memory; the first one ends last. Those of the second half have a stream that is long by itself.
    const line = 'if test {} = 1; then read line < go; fi; head -c 800000 /dev/zero | tr "\\0" a; test {} -lt 40 || head -c 800000 /dev/zero | tr "\\0" b; echo {}; echo {} >&2; test {} != 60 || echo > go';
    const { stdout, stderr, exitCode } = await pool(['-j2', '-k', '--', line, ':::', ...Array.from({ length: 60 }, (_, index) => String(index + 1))], { at });
    const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
    expect(exitCode).toBe(0);
    expect(stderr).toBe(numbers.map((number) => `${number}\n`).join(''));
    expect(stdout === numbers.map((number) => `${'a'.repeat(800_000)}${number < 40 ? '' : 'b'.repeat(800_000)}${number}\n`).join('')).toBe(true);
  });

  it('writes what a job appends to its own output behind what is there', async () => {
    const { stdout } = await pool(['--', 'echo a; echo b >> /dev/stdout; echo c > /dev/stderr; echo {}', ':::', 'd']);
    expect(stdout).toBe('a\nb\nd\n');
  });

  it('ends by SIGPIPE when nobody reads it any more, and its jobs with it', async () => {
    const at = place();
    const run = await startPool(['-j2', '--', 'echo $$ >> pids; echo {}; test {} = 1 || exec sleep 600', ':::', '1', '2'], at);
    run.closeOutput();
    expect(await run.result).toMatchObject({ signal: 'SIGPIPE' });
    expect(pidsIn(path.join(at.cwd, 'pids')).filter(lives)).toEqual([]);
    expect(leftIn(at)).toEqual([]);
  });

  it('does not wait for a reader that has stopped reading when somebody wants the end', async () => {
    const at = place();
    const child = spawn(process.execPath, [program, 'pool', '--', 'head -c {} /dev/zero', ':::', '1000000'], {
      cwd: at.cwd,
      env: { PATH: process.env['PATH'], ...at.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // Nobody reads more than this.
    await once(child.stdout, 'readable');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
    expect(leftIn(at)).toEqual([]);
  });

  it('says that it is lost where that is so', async () => {
    const at = place();
    const full = await runCli(['pool', '--', 'echo', ':::', 'a'], { ...at, program, stdoutFile: '/dev/full' });
    expect(full).toMatchObject({ stderr: 'mpctl: standard output cannot be written: ENOSPC: no space left on device\n', exitCode: 4 });
    const log = await pool(['--joblog', '/dev/full', '--', 'echo', ':::', 'a'], { at });
    expect(log).toMatchObject({ stdout: 'a\n', stderr: 'mpctl: the job log `/dev/full` cannot be written: ENOSPC: no space left on device\n', exitCode: 4 });
    const homeless = await runCli(['pool', '--', 'echo', ':::', 'a'], { cwd: at.cwd, environment: { TMPDIR: '/nowhere' }, program });
    expect(homeless).toMatchObject({ stderr: 'mpctl: there is no room for the output of jobs in `/nowhere`: ENOENT: no such file or directory\n', exitCode: 4 });
    expect(await pool(['--joblog', 'no/log', '--', 'echo', ':::', 'a'], { at })).toMatchObject({ stdout: '', exitCode: 4 });
  });
});

describe('`mpctl pool` and its end', () => {
  const three = ['-j3', '--joblog', 'log', '-k', '--'];

  it('stops those that run in the shells of their slots, and these shells', async () => {
    const at = place();
    for (const name of ['x', 'y']) execFileSync('mkfifo', [path.join(at.cwd, name)]);
    const line = 'echo $$ $PPID >> pids; test -p {} || exit 0; setsid sleep 600 & echo $! >> pids; echo up > {}; exec sleep 600';
    const run = await startPool(['-j2', '--', line, ':::', 'a', 'b', 'c', 'd', 'e', 'f', 'x', 'y'], at);
    await heard(['x', 'y'].map((name) => path.join(at.cwd, name)));
    run.kill('SIGTERM');
    expect(await run.result).toMatchObject({ stderr: '', signal: 'SIGTERM' });
    const pids = readFileSync(path.join(at.cwd, 'pids'), 'utf8').trim().split(/\s+/u).map(Number).filter((pid) => pid !== process.pid);
    expect(new Set(pids).size).toBeGreaterThanOrEqual(12);
    expect(pids.filter(lives)).toEqual([]);
    expect(leftIn(at)).toEqual([]);
  });

  it('stops its jobs by a signal, leaves nothing behind, and goes on with what was not done', async () => {
    const at = place();
    for (const name of ['b', 'c']) execFileSync('mkfifo', [path.join(at.cwd, name)]);
    const line = 'echo $$ >> pids; echo {}; test {} = a && exit; setsid sleep 600 & echo $! >> pids; echo up > {}; exec sleep 600';
    const run = await startPool([...three, line, ':::', 'a', 'b', 'c', 'd'], at);
    await heard(['b', 'c'].map((name) => path.join(at.cwd, name)));
    await run.waitForOutput(/a\n/u);
    run.kill('SIGINT');
    expect(await run.result).toMatchObject({ stdout: 'a\n', stderr: '', exitCode: null, signal: 'SIGINT' });
    const pids = pidsIn(path.join(at.cwd, 'pids'));
    expect(pids.length).toBeGreaterThanOrEqual(5);
    expect(pids.filter(lives)).toEqual([]);
    expect(leftIn(at)).toEqual([]);
    expect(readFileSync(path.join(at.cwd, 'log'), 'utf8').split('\n')).toHaveLength(3);
    const rest = await pool(['--resume', ...three, 'echo', ':::', 'a', 'b', 'c', 'd'], { at });
    expect(rest.stdout).toBe('b\nc\nd\n');
  });

  it('kills its jobs at once by SIGQUIT', async () => {
    const at = place();
    execFileSync('mkfifo', [path.join(at.cwd, 'up')]);
    const run = await startPool(['--', 'echo $$ > pids; trap "echo TERM > heard" TERM; echo up > up; while :; do sleep {}; done', ':::', '600'], at);
    await heard([path.join(at.cwd, 'up')]);
    run.kill('SIGQUIT');
    expect(await run.result).toMatchObject({ signal: 'SIGQUIT' });
    expect(pidsIn(path.join(at.cwd, 'pids')).filter(lives)).toEqual([]);
    expect(existsSync(path.join(at.cwd, 'heard'))).toBe(false);
  });

  it('leaves nothing behind when it is killed itself', async () => {
    const at = place();
    execFileSync('mkfifo', [path.join(at.cwd, 'up')]);
    const run = await startPool(['--', 'echo $$ > pids; setsid sleep 600 & echo $! >> pids; echo up > up; exec sleep {}', ':::', '600'], at);
    await heard([path.join(at.cwd, 'up')]);
    const pids = pidsIn(path.join(at.cwd, 'pids'));
    expect(pids.every(lives)).toBe(true);
    const folder = path.join(at.cwd, 'tmp', leftIn(at)[0] ?? 'nothing');
    expect(existsSync(folder)).toBe(true);
    run.kill('SIGKILL');
    await run.result;
    // The guardian removes the folder last.
    await expect.poll(() => [pids.filter(lives), leftIn(at)], { timeout: 20_000, interval: 20 }).toEqual([[], []]);
  });

  it('ends what a job leaves running in its group, and only that', async () => {
    const at = place();
    // The first run by themselves, the others in the shell of their slot.
    const { stdout, exitCode } = await pool(['-j1', '--', 'sleep 600 & echo $! >> pids; echo {}', ':::', 'a', 'b', 'c', 'd'], { at });
    expect([stdout, exitCode]).toEqual(['a\nb\nc\nd\n', 0]);
    expect(pidsIn(path.join(at.cwd, 'pids'))).toHaveLength(4);
    expect(pidsIn(path.join(at.cwd, 'pids')).filter(lives)).toEqual([]);
  });

  it('shows what a job has written that halts the others, although an earlier one never ends', async () => {
    const at = place();
    const line = 'echo $$ >> pids; echo {}; test {} = bad && exit 7; exec sleep 600';
    const { stdout, stderr, exitCode } = await pool(['-k', '-j2', '--joblog', 'log', '--halt', 'now,fail=1', '--', line, ':::', 'never', 'bad', 'none'], { at });
    expect({ stdout, exitCode }).toEqual({ stdout: 'bad\n', exitCode: 7 });
    expect(stderr).toBe(`mpctl: this job failed: ${line.replaceAll('{}', 'bad')}\n`);
    expect(pidsIn(path.join(at.cwd, 'pids')).filter(lives)).toEqual([]);
    // What was stopped is not in the log, and comes when it is resumed.
    expect(readFileSync(path.join(at.cwd, 'log'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('stops by the median of what has succeeded', async () => {
    const { stdout, stderr, exitCode } = await pool(['-j1', '--timeout', '1000%', '--', 'echo {}; exec sleep {}', ':::', '0.05', '0.05', '0.05', '600']);
    expect({ stdout, exitCode }).toEqual({ stdout: '0.05\n0.05\n0.05\n600\n', exitCode: 1 });
    expect(stderr).toBe('mpctl: this job took longer than its timeout and was stopped: echo 600; exec sleep 600\n');
  });
});

describe('`mpctl pool` with a million items', () => {
  it('reads them as it needs them, and keeps none', async () => {
    const at = place();
    const file = path.join(at.cwd, 'items');
    execFileSync('mkfifo', [path.join(at.cwd, 'go')]);
    writeFileSync(file, Array.from({ length: 1_000_000 }, (_, index) => `item number ${index}\n`).join(''));
    const input = openSync(file, 'r');
    const child = spawn(process.execPath, [program, 'pool', '-j2', '--', 'read line < go; echo {}'], {
      cwd: at.cwd,
      env: { PATH: process.env['PATH'], ...at.environment },
      stdio: [input, 'pipe', 'inherit'],
    });
    closeSync(input);
    const files = path.join(at.cwd, 'tmp');
    // Two jobs run; that nobody lets them end says that no others were needed to begin with them.
    await expect.poll(() => readdirSync(files, { recursive: true }).filter((name) => String(name).endsWith('.out')).length, { interval: 5, timeout: 20_000 }).toBe(2);
    const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
    const peakKb = Number(/VmHWM:\s+(?<kb>\d+) kB/u.exec(status)?.groups?.['kb']);
    expect(peakKb).toBeGreaterThan(0);
    expect(peakKb).toBeLessThan(200_000);
    child.kill('SIGTERM');
    await once(child, 'close');
    const { stdout } = await execa('sh', ['-c', `head -n 100000 items | "$0" "$1" pool --dry-run -- echo | tail -n 1`, process.execPath, program], { cwd: at.cwd });
    expect(stdout).toBe("echo 'item number 99999'");
  });
});

describe('`mpctl pool --bar`', () => {
  /** All that a terminal of 80 columns was sent. */
  async function onTerminal(line: string, environment: Readonly<Record<string, string>>): Promise<string> {
    const at = place();
    const terminal = spawnTerminal('sh', ['-c', `"$0" "$1" pool ${line}`, process.execPath, program], {
      cwd: at.cwd,
      cols: 80,
      env: { PATH: process.env['PATH'], TERM: 'xterm', ...at.environment, ...environment },
    });
    let text = '';
    terminal.onData((piece) => {
      text += piece;
    });
    await new Promise<void>((resolve) => {
      terminal.onExit(() => resolve());
    });
    return text;
  }

  it('says on a terminal how far the pool is, and leaves the last state there', async () => {
    const line = `--bar -j1 -- 'echo out; exit {}' ::: 0 1 0`;
    const sent = await onTerminal(line, {});
    // In words, since a regular expression is to have no control characters.
    const colored = sent.replaceAll('\r\u001B[2K', '<erase>').replaceAll('\u001B[31m', '<red>').replaceAll('\u001B[39m', '</red>');
    expect(colored).toMatch(/<erase>█{12}░{6} {2}<red>1 failed<\/red>, 2\/3 done, [01] running, .* left/u);
    expect(colored).toMatch(/█{18} {2}<red>1 failed<\/red>, 3\/3 done, 0 running, [\d.]+\/s\r\n$/u);
    // What a job writes stands at the beginning of a line of its own.
    expect(colored.match(/<erase>out\r\n/gu)).toHaveLength(3);
    expect(await onTerminal(line, { NO_COLOR: '1' })).not.toContain('\u001B[31m');
    expect(await onTerminal(`--no-color ${line}`, {})).not.toContain('\u001B[31m');
  });

  it('says nothing elsewhere', async () => {
    expect(await pool(['--bar', '--', 'echo', ':::', 'a'])).toEqual({ stdout: 'a\n', stderr: '', exitCode: 0, signal: null });
  });
});

describe('what the pages say of `mpctl pool`', () => {
  const page = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'coming-from.md'), 'utf8').replaceAll(String.raw`\|`, '|');
  const help = poolHelp();
  const calls = [
    ...[...page.matchAll(/`(?<call>mpctl pool [^`]*)`/gu)].map(({ groups }) => groups?.['call'] ?? ''),
    ...[...help.matchAll(/(?<call>mpctl pool -.*)$/gmu)].map(({ groups }) => groups?.['call'] ?? ''),
  ];

  it('is more than a few calls', () => {
    expect(calls.length).toBeGreaterThan(15);
  });

  it.each(calls)('`%s` is right', async (call) => {
    const at = place({ 'list.txt': 'a\n', 'urls.txt': 'a\n', 'commands.txt': 'true\n' });
    const line = call.replace(/^mpctl pool/u, '"$0" "$1" pool --dry-run').replace(/^(?!.*(?:< [a-z]+\.txt| ::: ))/u, 'printf a | ');
    const { stdout, stderr, exitCode } = await execa('sh', ['-c', line, process.execPath, program], { cwd: at.cwd, env: at.environment, input: '', reject: false });
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).not.toBe('');
  });
});

describe('the help of `mpctl pool`', () => {
  it('tells of both kinds of pool', async () => {
    const { stdout, stderr, exitCode } = await pool(['--help']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expectGolden(path.join(import.meta.dirname, '..', 'golden', 'help', 'pool.txt'), stdout);
    expect((await runCli(['help', 'pool'], { ...place(), program })).stdout).toBe(stdout);
    expect((await pool(['-j4', '-h', '--', 'x'])).stdout).toBe(stdout);
  });

  it('is not that of its verbs, which are as they were', async () => {
    expect((await pool(['submit', '--help'])).stdout).toMatch(/^Usage: mpctl pool submit \[options\] POOL/u);
    expect((await runCli(['help', 'pool', 'join'], { ...place(), program })).stdout).toMatch(/^Usage: mpctl pool join/u);
    expect(await pool(['submit', 'hash', 'x'])).toMatchObject({ exitCode: 69 });
  });

  it('stands behind every refusal', async () => {
    const bare = await pool([]);
    expect(bare).toMatchObject({ stdout: '', exitCode: 2 });
    expect(bare.stderr).toMatch(/^mpctl: `mpctl pool` needs a command: .*--help/u);
    expect(await pool(['--jos', '3', '--', 'x'])).toMatchObject({ stderr: 'mpctl: `mpctl pool` has no option `--jos` (did you mean `--jobs`?)\n', exitCode: 2 });
    expect(await pool(['gzip', 'é'])).toMatchObject({ stderr: 'mpctl: `gzip` is no option of `mpctl pool` (a command stands behind `--`: `mpctl pool -- gzip é`)\n', exitCode: 2 });
    expect((await pool(['echo', 'é', 'b', 'c', 'd'])).stderr).toContain('`mpctl pool -- echo é b …`)');
  });
});
