import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readRunRecord } from '../../src/runtime/run-folder/run-record.ts';
import { type CliResult, type CliRun, runCli, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { verbsAlone } from '../rig/verbs-alone.ts';

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
  done: { command: [echo, done] }
finally:
  tidy: { command: [echo, tidy] }
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
    expect(stdout).toMatch(/^NAME +STATE +FOR +PID +EXITCODE +ATTEMPT +WAITS FOR\n/u);
    expect(stdout).toMatch(/^server +ready +[\d.]+ m?s +\d+ +- +1$/mu);
    expect(stdout).toMatch(/^waiter +waiting +[\d.]+ m?s +- +- +0 +lock `book`, held by `holder`$/mu);
    expect((await mpctl('why', 'waiter')).stdout).toBe('waiter is waiting for lock `book`, held by `holder`\n');
    expect((await mpctl('why', 'holder')).stdout).toBe('holder is running, and waits for nothing\n');
    expect(JSON.parse((await mpctl('ps', '--json')).stdout)).toMatchObject({ phase: 'main' });
    expect(JSON.parse((await mpctl('ps', '--format', 'json')).stdout)).toMatchObject({ phase: 'main' });
    expect((await mpctl('why', 'holder', '--format=text')).stdout).toBe('holder is running, and waits for nothing\n');
    expect(await mpctl('ps', '--format', 'yaml')).toSatisfy(refusedWith('one of text, json'));
    expect((await mpctl('why', 'extra')).stdout).toBe('extra is idle, and nothing has started it\n');
    expect((await mpctl('why', 'tidy')).stdout).toBe('tidy is idle, and runs when all else has ended\n');
    expect((await mpctl('why', 'done')).stdout).toBe('done has succeeded\n');
    expect(await mpctl('why', 'nobody')).toSatisfy(refusedWith('mpctl ps'));
    run.kill('SIGTERM');
    await run.result;
  });

  it('one sees who has the locks, how full the queues are, and what would wake whoever waits', async () => {
    const { run, mpctl } = await open(`
locks: { book: , tree: { reentrant: true } }
semaphores: { slots: 3 }
events: { held: , over: }
conditions: { grown: { lock: tree } }
barriers: { start: { parties: 2 } }
queues: { work: { capacity: 2 }, free: , rest: { items: [x] } }
pipes: { link: { from: filler, to: outside } }
values: { counter: 7 }
max_parallel: 5
processes:
  outside: { command: exec sleep 60, uses: { over: set, work: get, free: [put, get], start: wait, grown: notify } }
  holder: { steps: [acquire: [book, tree, { name: slots, permits: 2 }], acquire: tree, set: held, print: holding, wait: over] }
  first: { command: [echo], wait_for: [held], with: [book] }
  second: { command: [echo], wait_for: [held], with: [book] }
  filler: { steps: [{ send: link, item: a }, { put: work, items: [1, 2, 3] }] }
  getter: { steps: [{ get: free, as: item }] }
  party: { steps: [wait: start] }
`);
    await run.waitForOutput(/holding/u);
    const { stdout } = await mpctl('ps', '--locks', '--queues');
    expect(stdout.split('\n').map((text) => text.trim().split(/ {2,}/u))).toEqual([
      ['NAME', 'KIND', 'FREE', 'HELD BY', 'WAITING'],
      ['book', 'lock', '0 of 1', 'holder', '2'],
      ['tree', 'lock', '0 of 1', 'holder (2)', '0'],
      ['slots', 'semaphore', '1 of 3', 'holder (2)', '0'],
      ['max_parallel', 'semaphore', '4 of 5', 'outside', '2'],
      [''],
      ['NAME', 'ITEMS', 'CAPACITY', 'IN HAND', 'GETTING', 'PUTTING', 'JOINING', 'STATE'],
      ['work', '2', '2', '0', '0', '1', '0', 'open'],
      ['free', '0', '-', '0', '1', '0', '0', 'open'],
      ['rest', '1', '-', '0', '0', '0', '0', 'broken'],
      [''],
    ]);
    const { locks, queues } = JSON.parse((await mpctl('ps', '--locks', '--json')).stdout) as { locks: readonly unknown[]; queues?: unknown };
    expect(locks[0]).toMatchObject({ name: 'book', waiters: [{ process: 'first' }, { process: 'second' }] });
    expect(queues).toBeUndefined();
    const why = async (name: string): Promise<string> => (await mpctl('why', name)).stdout;
    expect(await why('book')).toBe('lock `book` is held by `holder`\nwaiting, in order of arrival:\n  1. first (acquire)\n  2. second (acquire)\ncan still release: `holder`\n');
    expect(await why('tree')).toBe('lock `tree` is held by `holder` (2)\nnobody waits for it\n');
    expect(await why('slots')).toBe('semaphore `slots` has 1 of 3 permits free, held by `holder` (2)\nnobody waits for it\n');
    expect(await why('over')).toBe('event `over` is not set\nwaiting, in order of arrival:\n  1. holder (wait)\ncan still set: `outside`\n');
    expect(await why('grown')).toBe('condition `grown` belongs to lock `tree`\nnobody waits for it\n');
    expect(await why('start')).toBe('barrier `start` has 1 of 2 parties: `party`\nwaiting, in order of arrival:\n  1. party (wait)\ncan still arrive: `outside`\n');
    expect(await why('work')).toBe('queue `work` has 2 of 2 items\nwaiting, in order of arrival:\n  1. filler (put)\ncan still get: `outside`\n');
    expect(await why('free')).toContain('can still put: `outside`\n');
    expect(await why('rest')).toBe('queue `rest` has 1 item, nobody can still put, nobody can still get\nnobody waits for it\n');
    expect(await why('link')).toBe('pipe `link` has 0 messages for `filler`, and has 1 message for `outside`\nnobody waits for it\n');
    expect(await why('counter')).toBe('value `counter` is 7\nnobody waits for it\n');
    expect(await why('max_parallel')).toContain('semaphore `max_parallel` has 4 of 5 permits free, held by `outside`\n');
    run.kill('SIGTERM');
    await run.result;
  });

  it('one waits for any moment of it, and hears at once of one that can no longer come', async () => {
    // The run outlives `holder`, whose end may come before somebody waits for it.
    const { run, mpctl } = await open(spec.replace('  done:', "  other: { command: 'exec sleep 60' }\n  done:"));
    await run.waitForOutput(/holding/u);
    const waits = async (...argv: readonly string[]): Promise<readonly [number | null, string]> => {
      const { exitCode, stdout, stderr } = await mpctl('wait', ...argv);
      return [exitCode, `${stdout}${stderr}`];
    };
    expect(await waits('holder', '--for', 'start')).toEqual([0, '']);
    expect(await waits('server')).toEqual([0, '']);
    expect(await waits('done', '--for', 'success')).toEqual([0, '']);
    expect(await waits('done', '--for', 'exit')).toEqual([0, '']);
    expect(await waits('done', '--for', 'failure')).toEqual([4, 'mpctl: `done` has not come to `failure`, and no longer can\n']);
    expect(await waits('holder', '--for', 'exit', '--timeout', '20ms')).toEqual([124, 'mpctl: `holder` has not come to `exit` within 20ms\n']);
    expect(await waits('holder', '--for', 'exit', '--timeout', '0s')).toEqual([1, '']);
    expect(await waits('holder', '--for', 'noon')).toEqual([2, expect.stringContaining('one of start, ready, success, failure, exit')]);
    const ended = waits('holder', '--for', 'exit');
    await mpctl('stop', 'holder');
    expect(await ended).toEqual([0, '']);
    run.kill('SIGTERM');
    await run.result;
  });

  it('one signals, restarts, starts and stops what is in it, and the whole of it', async () => {
    const { run, mpctl } = await open();
    await run.waitForOutput(/attempt 1\n/u);
    expect(await mpctl('signal', 'server', 'HUP')).toMatchObject({ exitCode: 0 });
    await run.waitForOutput(/\[server\] hup\n/u);
    expect(await mpctl('signal', 'extra', 'SIGHUP')).toMatchObject({ exitCode: 4 });
    expect(await mpctl('signal', 'server', 'SIGNOT')).toMatchObject({ exitCode: 2 });
    expect(await mpctl('signal', 'server', 'SIGCHLD')).toMatchObject({ exitCode: 0 });
    expect(await mpctl('signal', 'server', 'sigchld')).toMatchObject({ exitCode: 0 });
    expect(await mpctl('signal', 'server', 'not')).toSatisfy(refusedWith('there is no signal `SIGNOT` here'));
    expect(await mpctl('signal', 'server', '1')).toSatisfy(refusedWith('`1` is no name of a signal (they are written as `SIGHUP` is)'));
    expect(await mpctl('restart', 'server')).toMatchObject({ exitCode: 0 });
    await run.waitForOutput(/\[server\] attempt 2\n/u);
    expect(await mpctl('start', 'extra')).toMatchObject({ exitCode: 0 });
    await run.waitForOutput(/\[extra\] extra\n/u);
    expect(await mpctl('stop', 'holder')).toMatchObject({ exitCode: 0 });
    await run.waitForOutput(/\[waiter\] not yet\n/u);
    // The last process has ended: the run may be over by now.
    await run.result;
    expect(run.output.stderr).toContain(' a user asked for it (`stop`)');
  });

  it('one stops a pool, and what it is not is refused', async () => {
    const { run, mpctl } = await open('pools: { crunch: { command: "echo crunching; exec sleep 60", tasks: [a] } }\nqueues: { q: }\n');
    await run.waitForOutput(/crunching/u);
    expect(await mpctl('restart', 'crunch')).toSatisfy(refusedWith('`crunch` is a pool, which has no attempt to begin anew: `mpctl stop crunch`, and `mpctl start crunch` when it has ended'));
    expect(await mpctl('stop', 'q')).toSatisfy(refusedWith('`q` is a queue, and no process'));
    expect(await mpctl('stop', 'nothing')).toSatisfy(refusedWith('the spec has no process `nothing`'));
    expect(await mpctl('stop', 'crunch')).toMatchObject({ exitCode: 0 });
    await run.result;
    expect(run.output.stdout).toContain('a user asked for it (`stop`)');
  });

  it('one sees that something is being stopped, and with what', async () => {
    const { run, mpctl } = await open(`
processes:
  deaf: { command: 'trap "" TERM; echo deaf; while :; do sleep 0.02; done', stop: { grace_period: 1h } }
  other: { command: exec sleep 60 }
pools: { late: { command: [echo], tasks: [a], autostart: false } }
finally: { extra: { command: [echo], autostart: false } }
`);
    await run.waitForOutput(/deaf\n/u);
    expect(await mpctl('stop', 'deaf')).toMatchObject({ exitCode: 0 });
    expect((await mpctl('why', 'deaf')).stdout).toMatch(/^deaf is being stopped with SIGTERM, SIGKILL in \d.*: a user asked for it \(`stop`\)\n$/u);
    const { stdout } = await mpctl('ps');
    expect(stdout).toMatch(/^deaf +stopping +[\d.]+ m?s +\d+ +- +1 +its end: being stopped with SIGTERM, SIGKILL in \d/mu);
    expect(stdout).toMatch(/^late +idle /mu);
    expect((await mpctl('why', 'late')).stdout).toBe('late is idle, and nothing has started it\n');
    expect((await mpctl('why', 'extra')).stdout).toBe('extra is idle, and nothing has started it\n');
    expect(await mpctl('restart', 'deaf')).toMatchObject({ exitCode: 4, stderr: 'mpctl: `deaf` is being stopped\n' });
    run.kill('SIGQUIT');
    await run.result;
  });

  it('one starts a pool, and is refused a restart of what has no attempt and a start of what comes last', async () => {
    const { run, mpctl } = await open(`
processes: { holder: { command: 'echo holding; exec sleep 60' }, later: { command: [echo], depends_on: [holder] } }
pools: { late: { command: 'echo crunching', tasks: [a], autostart: false } }
finally: { tidy: { command: [echo] } }
`);
    await run.waitForOutput(/holding/u);
    expect(await mpctl('restart', 'later')).toMatchObject({ exitCode: 4, stderr: 'mpctl: `later` waits to start: there is no attempt of it to begin anew\n' });
    expect(await mpctl('start', 'tidy')).toMatchObject({ exitCode: 4, stderr: 'mpctl: `tidy` is of `finally`: it runs when all else has ended\n' });
    expect(await mpctl('stop', 'late')).toMatchObject({ exitCode: 0 });
    expect(await mpctl('start', 'late')).toMatchObject({ exitCode: 0 });
    await run.waitForOutput(/crunching/u);
    run.kill('SIGTERM');
    await run.result;
  });

  it('one who only looks hears of a run that does not answer', async () => {
    const { run, mpctl } = await open();
    await run.waitForOutput(/holding/u);
    run.kill('SIGSTOP');
    for (const { exitCode, stderr } of await Promise.all([mpctl('ps'), mpctl('ps', '--locks'), mpctl('why', 'holder')])) {
      expect(stderr).toMatch(/^mpctl: the run does not answer: nothing has come for 5 s \(.*`kill -CONT \d+` wakes it\)\n$/u);
      expect(exitCode).toBe(4);
    }
    expect(await mpctl('runs')).toMatchObject({ exitCode: 0 });
    run.kill('SIGCONT');
    expect(await mpctl('ps')).toMatchObject({ exitCode: 0 });
    run.kill('SIGTERM');
    await run.result;
  });

  it('one who asks a run whose door is gone is told that it cannot be reached, not that he is in no run', async () => {
    const { run, mpctl } = await open();
    await run.waitForOutput(/holding/u);
    const [{ folder = '' } = {}] = JSON.parse((await mpctl('runs', '--json')).stdout) as readonly { readonly folder?: string }[];
    rmSync(path.join(folder, 'door'), { recursive: true });
    const asked = [['ps'], ['ps', '--queues'], ['why', 'holder'], ['wait', 'holder'], ['stop', 'holder'], ['start', 'extra'], ['restart', 'server'], ['signal', 'server', 'HUP']];
    for (const { stderr, exitCode } of await Promise.all(asked.map(async (argv) => mpctl(...argv)))) {
      expect(stderr).toMatch(/^mpctl: the run has ended, or its socket was removed: nobody is there at [^\n]+\n$/u);
      expect(exitCode).toBe(4);
    }
    run.kill('SIGTERM');
    await run.result;
  });

  it('one stops the whole run as SIGTERM does', async () => {
    const { run, mpctl } = await open();
    await run.waitForOutput(/holding/u);
    expect(await mpctl('stop')).toMatchObject({ exitCode: 0 });
    expect(await run.result).toMatchObject({ signal: 'SIGTERM' });
    const { stdout } = await mpctl('runs');
    expect(stdout).toMatch(/^ID +OUTCOME +EXIT +BEGUN +SPEC +RESUME +FOLDER\n\S+ +cancelled +143 /u);
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

  it('one is told that the run has no lock and no queue', async () => {
    const { run, mpctl } = await open('pipes: { talk: { between: [a, b] } }\nprocesses: { a: { command: "echo up; exec sleep 60" }, b: { command: [sleep, "60"] } }\n');
    await run.waitForOutput(/up/u);
    expect((await mpctl('ps', '--queues')).stdout).toBe('the run has no queue\n');
    expect((await mpctl('ps', '--locks')).stdout).toBe('the run has no lock and no semaphore\n');
    expect((await mpctl('ps', '--locks', '--queues')).stdout).toBe('the run has no lock and no semaphore\n\nthe run has no queue\n');
    expect(JSON.parse((await mpctl('ps', '--locks', '--queues', '--json')).stdout)).toEqual({ locks: [], queues: [] });
    run.kill('SIGTERM');
    await run.result;
  });

  it('the files that clients share with a run that was killed are gone', async () => {
    const worker = 'import mpctl, os\nwhile not os.path.isdir(os.environ["MPCTL_RUN_DIR"] + "/clients"):\n with mpctl.Lock("book"): pass\nprint("shares", flush=True)\nmpctl.Event("never").wait()';
    const text = JSON.stringify({ locks: { book: {} }, events: { never: {} }, processes: { a: { command: ['python3', '-c', worker] }, setter: { command: ['sleep', '60'], uses: { never: 'set' } } } });
    const { run, mpctl } = await open(text);
    await run.waitForOutput(/shares/u);
    const [{ folder = '' } = {}] = JSON.parse((await mpctl('runs', '--json')).stdout) as readonly { readonly folder?: string }[];
    expect(readdirSync(path.join(folder, 'clients'))).toHaveLength(1);
    run.kill('SIGKILL');
    await run.result;
    await vi.waitFor(() => expect(readRunRecord(folder)?.end).not.toBeNull(), 20_000);
    expect(readdirSync(folder)).not.toContain('clients');
  });

  it('one says which, where several go on', async () => {
    const first = await open();
    writeFileSync(path.join(first.cwd, 'other.yaml'), spec);
    const second = await startCli(['run', 'other.yaml'], { cwd: first.cwd, program });
    await Promise.all([first.run.waitForOutput(/holding/u), second.waitForOutput(/holding/u)]);
    const both = await first.mpctl('ps');
    expect(both).toSatisfy(refusedWith('say which with `--run ID`'));
    const listed = JSON.parse((await first.mpctl('runs', '--json')).stdout) as readonly { readonly id: string; readonly pid: number }[];
    const id = listed.find(({ pid }) => pid === second.pid)?.id ?? '';
    const rows = (await first.mpctl('runs')).stdout.split('\n').filter((line) => line.includes(' goes on '));
    expect(rows.map((line) => line.split(/ {2,}/u)[4] ?? '').toSorted()).toEqual(['mpctl.yaml', 'other.yaml']);
    expect(rows.find((line) => line.startsWith(id))).toContain('other.yaml');
    expect(await first.mpctl('stop', '--run', id)).toMatchObject({ exitCode: 0 });
    expect(await second.result).toMatchObject({ signal: 'SIGTERM' });
    expect(await first.mpctl('why', 'holder')).toMatchObject({ exitCode: 0 });
    first.run.kill('SIGTERM');
    await first.run.result;
  });

  it.each([['runs'], ['logs', '--help']])('one hears of it where the answer to %j cannot be written', async (...argv) => {
    expect(await runCli(argv, { cwd: tempFolder(), program, stdoutFile: '/dev/full' })).toMatchObject({
      stderr: 'mpctl: standard output could not be written: ENOSPC: no space left on device\n',
      exitCode: 4,
    });
  });

  it('one is told only the exit codes that there can be', async () => {
    const codesOf = async (verb: string): Promise<readonly string[]> => {
      const { stdout } = await runCli([verb, '--help'], { cwd: tempFolder(), program });
      return stdout.match(/^ {2}\d+(?= )/gmu)?.map((code) => code.trim()) ?? [];
    };
    expect(await codesOf('ps')).toEqual(['0', '2', '4']);
    expect(await codesOf('wait')).toEqual(['0', '1', '2', '4', '124']);
  });

  it('one who may not read the key of the run has no way in', async () => {
    const { run, cwd, mpctl } = await open();
    await run.waitForOutput(/holding/u);
    const [{ folder = '', id = '' } = {}] = JSON.parse((await mpctl('runs', '--json')).stdout) as readonly { readonly folder?: string; readonly id?: string }[];
    // All but the key may be seen, also by the user of the tests, who may be the one whom permissions bind.
    for (const seen of [cwd, path.join(cwd, '.mpctl'), path.join(cwd, '.mpctl', 'runs'), folder, path.join(folder, 'run.json')]) chmodSync(seen, 0o755);
    chmodSync(path.join(folder, 'operator.key'), 0);
    const alone = verbsAlone();
    const refusal = { stdout: '', stderr: `mpctl: the key of the run \`${id}\` cannot be read (only the user who has started it may)\n`, exitCode: 2 };
    for (const argv of [['ps'], ['why', 'holder'], ['wait', 'holder'], ['stop', 'holder'], ['stop'], ['start', 'extra'], ['restart', 'server'], ['signal', 'server', 'HUP']]) {
      expect(await runCli(argv, { cwd, isBound: true, program: alone })).toMatchObject(refusal);
    }
    run.kill('SIGTERM');
    expect((await run.result).stdout).not.toContain('hup');
  });
});
