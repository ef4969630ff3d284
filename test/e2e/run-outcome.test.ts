import { describe, expect, it } from 'vitest';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

/** Runs a spec to its end and gives the folder besides. */
async function run(spec: string, argv: readonly string[] = []) {
  const cwd = tempFolder({ 'mpctl.yaml': spec });
  return { cwd, ...(await runCli(['run', 'mpctl.yaml', ...argv], { cwd })) };
}

describe('the exit code of a run', () => {
  it.each([
    ['a process fails', 'processes: {bad: {command: exit 3}}'],
    ['a process dies of a signal', 'processes: {bad: {command: "kill -KILL $$"}}'],
    ['what nobody sets any more is waited for', 'events: {go: }\nprocesses:\n  setter: {command: [true], uses: {go: set}}\n  next: {command: [true], wait_for: [go]}'],
    ['a task of a pool fails', 'pools: {work: {command: \'[ "$MPCTL_ITEM" != b ]\', tasks: [a, b, c]}}'],
    ['a daemon ends with a failure', 'processes: {work: {command: [sleep, "60"]}}\ndaemons: {server: {command: exit 1}}'],
    ['finally fails', 'processes: {work: {command: [true]}}\nfinally: {report: {command: exit 1}}'],
    ['a step fails', 'processes: {work: {steps: [{run: exit 4}]}}'],
    ['a process runs into its timeout', 'processes: {slow: {command: [sleep, "60"], timeout: 50ms}}'],
    ['the results of a pool cannot be opened', 'pools: {work: {command: [true], tasks: [a], results: {file: none/results}}}'],
    ['a print step cannot write', 'processes: {work: {stdout: {file: none/out}, steps: [{print: x}]}}'],
    ['what starts is never ready', 'daemons: {server: {command: [sleep, "60"], readiness_probe: {exec: [false], period: 10ms, failure_threshold: 2}}}\nprocesses: {client: {command: [true], depends_on: [server]}}'],
  ])('is 1 when %s', async (_what, spec) => {
    expect(await run(spec)).toMatchObject({ exitCode: 1, signal: null });
  });

  it.each([
    ['a failure is allowed', 'processes: {bad: {command: exit 3, allow_failure: true}}'],
    ['the code counts as success', 'processes: {odd: {command: exit 3, success_exit_codes: [0, 3]}}'],
    ['a failed step is allowed', 'processes: {work: {steps: [{run: exit 4, allow_failure: true}]}}'],
    ['the pool is allowed to fail', 'pools: {work: {command: exit 1, tasks: [a], allow_failure: true}}'],
    ['a retry helps', 'pools: {work: {command: \'[ "$MPCTL_ATTEMPT" = 2 ]\', tasks: [a], retry: {attempts: 2, backoff: {initial: 1ms}}}}'],
    ['what only handles failures is skipped', 'processes:\n  work: {command: [true]}\n  rescue: {command: exit 1, depends_on: {work: {condition: failure}}}'],
    ['what depended on an allowed failure is skipped', 'processes:\n  bad: {command: exit 1, allow_failure: true}\n  next: {command: [true], depends_on: [bad]}'],
    ['a daemon is stopped at the end', 'processes: {work: {command: [true]}}\ndaemons: {server: {command: [sleep, "60"]}}'],
  ])('is 0 when %s', async (_what, spec) => {
    const result = await run(spec);
    expect(result).toMatchObject({ exitCode: 0, signal: null });
  });

  it('is 124 also where steps never rest, which hold up nothing that comes by time', async () => {
    const spec = `
timeout: 1s
queues: { there: { items: [0] }, back: }
processes:
  ping: { steps: [{ repeat: forever, do: [{ get: there }, { put: back, item: 1 }] }] }
  pong: { steps: [{ repeat: forever, do: [{ get: back }, { put: there, item: 1 }] }] }
  sleeper: { steps: [{ sleep: 100ms }, { print: awake }] }
`;
    const result = await run(spec, ['--no-check']);
    expect(result).toMatchObject({ exitCode: 124, signal: null });
    expect(result.stdout).toContain('awake');
  });

  it('is 2 for wrong usage and 3 for a wrong spec', async () => {
    expect(await run('processes: {a: {command: [true]}}', ['--max-parallel', '0'])).toMatchObject({ exitCode: 2 });
    expect(await run('processes: {a: {comand: [true]}}')).toMatchObject({ exitCode: 3, stdout: '' });
  });

  it('is 70 when mpctl itself is broken, which it says with the place', async () => {
    const copy = tempFolder({ 'package.json': '{ "version": "1.2.3" }' });
    cpSync(path.join(import.meta.dirname, '..', '..', 'dist'), path.join(copy, 'dist'), { recursive: true });
    const result = await runCli(['schema'], { cwd: copy, program: path.join(copy, 'dist', 'mpctl.cjs') });
    expect(result).toMatchObject({ exitCode: 70, signal: null, stdout: '' });
    expect(result.stderr).toMatch(
      /^error\[MP001\]: this is a bug in mpctl: .*schemas\/mpctl\.schema\.json\n {2}= hint: please report .*\n {2}= explain: .*\n\nmpctl 1\.2\.3, Node \d.*\n(?:.*\n)* {4}at /u,
    );
  });

  it('is 4 when there is no folder for the run', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'processes: {a: {command: [touch, ran]}}', '.mpctl': '' });
    const result = await runCli(['run'], { cwd, environment: { XDG_STATE_HOME: '/dev/null' } });
    expect(result).toMatchObject({ exitCode: 4, stdout: '' });
    expect(result.stderr).toBe(
      `error[MP822]: no folder for the run can be made (\`${cwd}/.mpctl/runs\`: ENOTDIR: not a directory; \`/dev/null/mpctl/runs\`: ENOTDIR: not a directory)\n` +
        '  = hint: make one of them writable, or set `XDG_STATE_HOME` to a folder that is\n' +
        '  = explain: mpctl explain MP822\n',
    );
    expect(existsSync(path.join(cwd, 'ran'))).toBe(false);
  });

  it('is 5 when the run meets a deadlock, which is told as a circle', async () => {
    const steps = (first: string, second: string): string =>
      `{steps: [{acquire: ${first}}, {wait: met}, {acquire: ${second}}]}`;
    const result = await run(`locks: {left: , right: }\nbarriers: {met: {parties: 2}}\nprocesses:\n  a: ${steps('left', 'right')}\n  b: ${steps('right', 'left')}\n`, ['--no-check']);
    expect(result.exitCode).toBe(5);
    expect(result.stderr).toContain('deadlock');
  });

  it('is the code of `shutdown`', async () => {
    const spec = (code: number): string => `processes:\n  quit: {steps: [{shutdown: ${code}}]}\n  other: {command: [sleep, "60"]}\n`;
    expect(await run(spec(0))).toMatchObject({ exitCode: 0 });
    expect(await run(spec(7))).toMatchObject({ exitCode: 7 });
  });

  it('is 124 after the timeout of the spec, which the command line overrides', async () => {
    const spec = 'timeout: 1h\nprocesses: {slow: {command: [sleep, "60"]}}';
    expect(await run(spec, ['--timeout', '100ms'])).toMatchObject({ exitCode: 124 });
  });
});

describe('what an override of the command line changes', () => {
  it.each([
    ['', [], false],
    ['', ['--on-failure', 'continue'], true],
    ['on_failure: continue\n', [], true],
    ['on_failure: continue\n', ['--on-failure', 'stop'], false],
  ])('--on-failure says whether the rest runs, over the spec: %j and %j', async (top, argv, runs) => {
    const { cwd, exitCode } = await run(`${top}processes:\n  bad: {command: exit 1}\n  good: {command: touch good, depends_on: {bad: {condition: exit}}}\n`, argv);
    expect(exitCode).toBe(1);
    expect(existsSync(path.join(cwd, 'good'))).toBe(runs);
  });

  it('a failure stops what runs', async () => {
    const { cwd, exitCode, stderr } = await run("processes:\n  bad: {command: 'until [ -e begun ]; do sleep 0.01; done; exit 1'}\n  good: {command: 'touch begun; sleep 60; touch good'}\n");
    expect(exitCode).toBe(1);
    expect(stderr).toContain('mpctl: stopping the run: `bad` failed\n');
    expect(existsSync(path.join(cwd, 'good'))).toBe(false);
  });

  it('--max-parallel bounds the commands at the same time', async () => {
    const spec = 'processes:\n  work:\n    replicas: 4\n    command: echo "+" >> log; sleep 0.05; echo "-" >> log\n';
    const { cwd, exitCode } = await run(spec, ['--max-parallel', '1']);
    expect(exitCode).toBe(0);
    expect(readFileSync(path.join(cwd, 'log'), 'utf8')).toBe('+\n-\n'.repeat(4));
  });

  it('a spec from standard input runs in the working folder', async () => {
    const cwd = tempFolder();
    const result = await runCli(['run', '-'], { cwd, input: 'processes: {a: {command: [pwd]}}' });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stdout).toContain(`${cwd}\n`);
  });
});

describe('a command that cannot be started', () => {
  it.each([
    ['does not exist', '[no-such-command]', 127, 'the command `no-such-command` was not found in `PATH` [MP801]', 'install it, or write its path; a command with shell syntax must be one string, not a list'],
    ['may not be executed', '[./plain]', 126, 'the command `CWD/plain` may not be executed [MP804]', 'chmod +x CWD/plain'],
    ['has no working directory', '[true], working_dir: nowhere', 126, 'the working directory `CWD/nowhere` does not exist [MP802]', 'mkdir -p CWD/nowhere'],
  ])('%s', async (_what, command, exitcode, why, hint) => {
    const cwd = tempFolder({ 'mpctl.yaml': `processes: {bad: {command: ${command}}}`, plain: 'true\n' });
    const here = (text: string): string => text.replaceAll('CWD', cwd);
    const { stdout, exitCode } = await runCli(['run', '--format', 'json'], { cwd });
    expect(exitCode).toBe(1);
    const ended = stdout.split('\n').filter((line) => line.includes('"instance.ended"')).map((line) => JSON.parse(line) as unknown);
    expect(ended).toMatchObject([{ instance: 'bad', reason: 'failed_to_start', exitcode, why: here(why), hint: here(hint) }]);
  });
});

describe('finally', () => {
  const spec = (main: string): string => `${main}\nfinally: {last: {command: 'echo "outcome $MPCTL_OUTCOME"'}}\n`;
  it.each([
    ['success', 'processes: {a: {command: [true]}}', []],
    ['failure', 'processes: {a: {command: [false]}}', []],
    ['timed_out', 'processes: {a: {command: [sleep, "60"]}}', ['--timeout', '100ms']],
  ])('sees that the outcome is %s', async (outcome, main, argv) => {
    const { stdout } = await run(spec(main), argv);
    expect(stdout).toContain(`[last] outcome ${outcome}\n`);
  });
});

it('a disk that is full fails the pool at its end, and a print step at once', async () => {
  const pool = await run('pools: {work: {command: [echo, "${{ item }}"], tasks: [a, b], workers: 1, results: {file: /dev/full}}}');
  expect(pool).toMatchObject({ exitCode: 1 });
  expect(pool.stdout).toContain('[work-1] a');
  expect(pool.stdout).toContain('tasks: 2 succeeded; its results cannot be written to `/dev/full`: ENOSPC');
  const print = await run('processes: {work: {stdout: {file: /dev/full}, steps: [{print: x}]}}');
  expect(print).toMatchObject({ exitCode: 1 });
  expect(`${print.stdout}${print.stderr}`).toContain('`/dev/full` cannot be written: ENOSPC: no space left on device [MP844]');
});
