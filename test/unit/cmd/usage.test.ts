import { describe, expect, it } from 'vitest';
import { callMain } from '../../rig/call-main.ts';

describe('wrong usage', () => {
  it.each([
    [['chekc'], 'MP002', '`chekc` is not a command of mpctl', 'did you mean `mpctl check`?'],
    [['quue', 'get', 'q'], 'MP002', '`quue` is not a command of mpctl', 'did you mean `mpctl queue`?'],
    [['restrat', 'server'], 'MP002', '`restrat` is not a command of mpctl', 'did you mean `mpctl restart`?'],
    [['mpctl.yaml'], 'MP002', '`mpctl.yaml` is not a command of mpctl', 'to run a spec, write `mpctl run mpctl.yaml`'],
    [['report', '-f'], 'MP005', '`mpctl report` is not in this version', '`mpctl --help` lists the commands that are'],
    [['check', '--fromat=json'], 'MP003', '`mpctl check` has no flag `--fromat`', 'did you mean `--format`?'],
    [['check', '-x'], 'MP003', '`mpctl check` has no flag `-x`', '`mpctl check --help` shows what it takes'],
    [['--colour'], 'MP003', '`mpctl` has no flag `--colour`', '`mpctl --help` shows what it takes'],
    [['run', '--timestamps=yes'], 'MP003', '`--timestamps` takes no value', 'write `--timestamps` alone'],
    [['help', 'rnu'], 'MP002', '`rnu` is not a command of mpctl', 'did you mean `mpctl run`?'],
    [['check', '--format'], 'MP003', '`--format` needs a value', 'write `--format text|json|github|sarif`'],
    [['run', '--timeout'], 'MP003', '`--timeout` needs a value', 'write `--timeout DURATION`'],
    [['plan', '--format', 'jsno'], 'MP003', '`--format` expects one of `text`, `json`, `mermaid`, `dot`, `svg`, found `jsno`', 'did you mean `--format json`?'],
    [['run', '--timeout', '5'], 'MP003', '`--timeout` expects a duration with its unit, such as `90s`, found `5`', 'did you mean `--timeout 5s`?'],
    [['run', '--timeout', '0s'], 'MP003', '`--timeout` expects a duration with its unit, such as `90s`, found `0s`', null],
    [['run', '--max-parallel', '0'], 'MP003', '`--max-parallel` expects a whole number from 1, found `0`', null],
    [['run', '--env', '1=2'], 'MP003', '`--env` expects a variable as `NAME=VALUE`, found `1=2`', null],
    [['run', '--output', 'quiet', '--format', 'json'], 'MP003', '`--output quiet` and `--format json` exclude each other: JSON is one event a line, and all of them', 'leave out one of them'],
    [['schema', 'a', 'b'], 'MP004', '`mpctl schema` takes no arguments, found `a`, `b` too many', '`mpctl schema --help` shows what it takes'],
    [['plan', 'a.yaml', 'b.yaml'], 'MP004', '`mpctl plan` takes at most 1 argument, found `b.yaml` too many', '`mpctl plan --help` shows what it takes'],
    [['completion'], 'MP004', '`mpctl completion` needs SHELL, and nothing was given', '`mpctl completion --help` shows what it takes'],
    [['completion', 'zhs'], 'MP004', '`mpctl completion` expects `bash`, `zsh` or `fish`, found `zhs`', 'did you mean `mpctl completion zsh`?'],
    [['explain', 'MP0003'], 'MP017', 'there is no code `MP0003`', 'did you mean `mpctl explain MP003`?'],
  ])('%j', async (argv, code, message, hint) => {
    const { stdout, stderr, exit } = await callMain(argv);
    const lines = [`error[${code}]: ${message}`, ...(hint === null ? [] : [`  = hint: ${hint}`]), `  = explain: mpctl explain ${code}`];
    expect(stderr).toBe(`${lines.join('\n')}\n`);
    expect(stdout).toBe('');
    expect(exit).toEqual({ type: 'code', code: 2 });
  });
});

describe('a bug', () => {
  it('is reported as ours and ends with 70', async () => {
    const { stderr, exit } = await callMain(['check', '-'], {
      host: {
        readStandardInput: () => {
          throw new TypeError('x is not a function');
        },
      },
    });
    expect(stderr).toMatch(/^error\[MP001\]: this is a bug in mpctl: x is not a function\n/u);
    expect(stderr).toMatch(/\nmpctl \d.*, Node \d.*\nTypeError: x is not a function\n {4}at /u);
    expect(exit).toEqual({ type: 'code', code: 70 });
  });
});
