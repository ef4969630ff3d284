import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runCli, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

/** The path of a log of the only run in a folder. */
function logOf(cwd: string, instance: string): string {
  const runs = path.join(cwd, '.mpctl', 'runs');
  return path.join(runs, readdirSync(runs)[0] ?? '', `${instance}.log`);
}

it('a direct log is written by the process itself, through all its attempts, and shown nowhere', async () => {
  const cwd = tempFolder({ 'mpctl.yaml': `
processes:
  twice: { command: 'readlink /proc/self/fd/1 /proc/self/fd/2; echo "try $MPCTL_ATTEMPT" >&2; test -e again || { touch again; exit 1; }', restart: on_failure, log: direct }
  other: { command: echo shown }
` });
  const { stdout, exitCode } = await runCli(['run', '--output', 'prefixed'], { cwd });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('[other] shown');
  expect(stdout).not.toContain('[twice]');
  const log = logOf(cwd, 'twice');
  expect(readFileSync(log, 'utf8')).toBe([1, 2].map((attempt) => `${log}\n${log}\ntry ${String(attempt)}\n`).join(''));
  expect(statSync(log).mode & 0o777).toBe(0o600);
});

it('the lines of `print` steps are in it between those of commands, and are shown', async () => {
  const cwd = tempFolder({ 'mpctl.yaml': 'processes: { steps: { steps: [{ print: one }, { run: echo two }, { run: echo value, as: value }, { print: "${{ vars.value }}" }], log: direct } }\n' });
  const { stdout } = await runCli(['run', '--output', 'prefixed'], { cwd });
  expect(stdout.split('\n').filter((line) => line.startsWith('['))).toEqual(['[steps] one', '[steps] value']);
  expect(readFileSync(logOf(cwd, 'steps'), 'utf8')).toBe('one\ntwo\nvalue\n');
});

it('`mpctl logs` shows and follows it', async () => {
  const cwd = tempFolder({ 'mpctl.yaml': `processes: { server: { command: 'echo up; until test -e more; do sleep 0.01; done; echo more; exec sleep 60', log: direct } }\n` });
  const run = await startCli(['run', '--format', 'json'], { cwd });
  await run.waitForOutput(/"instance.started"/u);
  const follow = await startCli(['logs', 'server', '--follow'], { cwd, program: path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs') });
  await follow.waitForOutput(/^up$/mu);
  writeFileSync(path.join(cwd, 'more'), '');
  await follow.waitForOutput(/^more$/mu);
  run.kill('SIGTERM');
  await run.result;
  expect((await follow.result).stdout).toBe('up\nmore\n');
});

it('where its file cannot be made, mpctl reads the process as ever, and says so', async () => {
  const cwd = tempFolder({ 'mpctl.yaml': `
processes:
  first: { command: 'mkdir "$(echo .mpctl/runs/*)/second.log"' }
  second: { command: echo heard, log: direct, depends_on: [first] }
` });
  const { stdout, stderr, exitCode } = await runCli(['run', '--output', 'prefixed'], { cwd });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('[second] heard');
  expect(stderr).toMatch(/second\.log` cannot be written .*\(MP820\)/u);
});
