import { describe, expect, it } from 'vitest';
import { asksForHelp, readJobOptions } from '../../../src/jobs/read-options.ts';
import type { JobOptions } from '../../../src/jobs/job-options.ts';

const verbs = ['submit', 'result', 'close', 'terminate', 'join'];

function read(...argv: readonly string[]): JobOptions {
  const options = readJobOptions(argv, verbs, 4);
  if (!options.ok) throw new Error(`${options.error.message} (${options.error.hint})`);
  return options.value;
}

function refusal(...argv: readonly string[]): string {
  const options = readJobOptions(argv, verbs, 4);
  return options.ok ? 'nothing' : `${options.error.message} (${options.error.hint})`;
}

describe('the options of a pool of commands', () => {
  it('have the defaults of GNU parallel', () => {
    expect(read('--', 'echo')).toEqual({
      slots: 4,
      keepOrder: false,
      joblog: null,
      resume: 'nothing',
      attempts: 1,
      timeout: null,
      halt: null,
      bar: false,
      endsWithNul: false,
      dryRun: false,
      color: true,
      command: ['echo'],
      sources: null,
    });
  });

  it('are read in all their spellings', () => {
    expect(read('-k0j3', '--joblog', '+log', '--retries=0', '--bar', '--dry-run', '--no-color', '--resume')).toMatchObject({
      slots: 3,
      keepOrder: true,
      endsWithNul: true,
      joblog: { file: 'log', append: true },
      attempts: Number.POSITIVE_INFINITY,
      bar: true,
      dryRun: true,
      color: false,
      resume: 'unfinished',
      command: [],
    });
  });

  it.each([
    [['-j', '3'], 3],
    [['-j=3'], 3],
    [['-P8'], 8],
    [['--max-procs', '7'], 7],
    [['--jobs=50%'], 2],
    [['-j', '10%'], 1],
    [['-j+2'], 6],
    [['-j', '-1'], 3],
    [['-j-9'], 1],
    [['-j0'], 250],
  ])('take as many jobs at once as %j says', (argv, slots) => {
    expect(read(...argv, '--', 'x').slots).toBe(slots);
  });

  it.each([
    ['5', { type: 'ms', ms: 5000 }],
    ['1.5', { type: 'ms', ms: 1500 }],
    ['2m30s', { type: 'ms', ms: 150_000 }],
    ['1d', { type: 'ms', ms: 86_400_000 }],
    ['1H1', { type: 'ms', ms: 3_601_000 }],
    ['250ms', { type: 'ms', ms: 250 }],
    ['200%', { type: 'percent', percent: 200 }],
  ])('take the time %s', (written, timeout) => {
    expect(read('--timeout', written, '--', 'x').timeout).toEqual(timeout);
  });

  it('end where the command or its items begin', () => {
    expect(read('--', 'a', '-j', '--help', ':::', '-x', '--', 'y')).toMatchObject({ command: ['a', '-j', '--help'], sources: [['-x', '--', 'y']] });
    expect(read('-k', ':::', 'a', ':::', 'b', 'c')).toMatchObject({ command: [], sources: [['a'], ['b', 'c']] });
    expect(asksForHelp(['-k', '--', 'a', '--help'])).toBe(false);
    expect(asksForHelp([':::', '-h'])).toBe(false);
    expect(asksForHelp(['-j4', '-h'])).toBe(true);
  });

  it.each<readonly [readonly string[], string]>([
    [['--job', '3'], '`mpctl pool` has no option `--job` (did you mean `--jobs`?)'],
    [['--keep-ordr'], '`mpctl pool` has no option `--keep-ordr` (did you mean `--keep-order`?)'],
    [['--frobnicate'], '`mpctl pool` has no option `--frobnicate` (`mpctl pool --help` shows what it takes)'],
    [['-z'], '`mpctl pool` has no option `-z` (`mpctl pool --help` shows what it takes)'],
    [['-I', '{}'], '`mpctl pool` has no `-I` (`{}` is replaced without it)'],
    [['-n1'], '`mpctl pool` has no `-n` (each item is a job of its own here)'],
    [['--pipe'], '`mpctl pool` has no `--pipe` (`mpctl pool --help` shows what there is)'],
    [['--bar=yes'], '`--bar` takes no value (write `--bar` alone)'],
    [['-j'], '`-j` needs a value (write `-j N`)'],
    [['-j', '--', 'x'], '`-j` needs a value (write `-j N`)'],
    [['-jx'], '`--jobs` takes a number, a percentage, or +N or -N of the CPUs, found `x` (`mpctl pool --help` shows examples)'],
    [['-j1.5'], '`--jobs` takes a number, a percentage, or +N or -N of the CPUs, found `1.5` (`mpctl pool --help` shows examples)'],
    [['--retries', '-1'], '`--retries` takes a whole number, found `-1` (`mpctl pool --help` shows examples)'],
    [['--timeout', '0'], '`--timeout` takes seconds, such as 5 or 2m30s, or a percentage above 0, found `0` (`mpctl pool --help` shows examples)'],
    [['--timeout', '5x'], '`--timeout` takes seconds, such as 5 or 2m30s, or a percentage above 0, found `5x` (`mpctl pool --help` shows examples)'],
    [['gzip'], '`gzip` is no option of `mpctl pool` (a command stands behind `--`: `mpctl pool -- gzip`)'],
    [['-j4', 'gzip', '-9', 'a', 'b'], '`gzip` is no option of `mpctl pool` (a command stands behind `--`: `mpctl pool -- gzip -9 a …`)'],
    [['sumbit', 'hash'], '`mpctl pool` has no verb `sumbit` (did you mean `mpctl pool submit`? A command stands behind `--`)'],
    [['--', ''], 'the command is empty (a variable in quotes may be empty)'],
    [['--', 'x', '::::', 'f'], '`::::` of GNU parallel is not in mpctl (write `< FILE`)'],
    [['--', 'x', ':::', 'a', ':::+', 'b'], '`:::+` of GNU parallel is not in mpctl (write each pair as one item)'],
    [['--', 'x {= s/a/b/ =}'], '`{= … =}` of GNU parallel is Perl, which mpctl does not run (let a shell line do it: `mpctl pool -- \'x={}; echo "${x%.c}"\'`)'],
    [['--resume', '--', 'x'], 'what is resumed is read from a job log (add `--joblog FILE`)'],
    [['--joblog', '+', '--', 'x'], '`--joblog` needs the name of a file (write `--joblog FILE`)'],
    [['--retry-failed', '--joblog', 'l', '--', 'x'], '`--retry-failed` runs the commands of the job log, and none besides (leave the command out, or write `--resume-failed`)'],
  ])('refuse %j', (argv, message) => {
    expect(refusal(...argv)).toBe(message);
  });

  it.each(['later,fail=1', 'now', 'now,fail', 'now,fail=0', 'soon,lost=1', 'now,fail=1.5', '-3'])('refuse the rule %s', (rule) => {
    expect(refusal('--halt', rule, '--', 'x')).toContain(`\`--halt\` does not know \`${rule}\``);
  });
});
