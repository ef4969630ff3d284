/* The same lines through GNU parallel and through `mpctl pool`: output, exit code and job log are the same. */
import { execa } from 'execa';
import fc from 'fast-check';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** One line for both. */
interface Line {
  /** In one word, or plain words that a shell leaves as they are. */
  readonly command: readonly string[];
  readonly options?: readonly string[];
  /** Standard input, or else what stands behind the command. */
  readonly input?: string | Uint8Array;
  readonly items?: readonly string[];
  /** What mpctl does without being told. */
  readonly onlyParallel?: readonly string[];
  /** What is in the job log before, if there is one. */
  readonly joblog?: string;
}

/** What came of it. */
interface Came {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
  /** Every column but the times, by number of job. */
  readonly joblog: readonly string[];
}

async function call(argv: readonly string[], { input = '', joblog }: Line): Promise<Came> {
  const cwd = tempFolder(joblog === undefined ? {} : { log: joblog });
  const environment = { PATH: process.env['PATH'], HOME: cwd, PARALLEL_SHELL: '/bin/sh', TMPDIR: cwd, LC_ALL: 'C.UTF-8' };
  const [file = '', ...args] = argv;
  const { stdout, stderr, exitCode } = await execa(file, args, { cwd, input, env: environment, extendEnv: false, reject: false, encoding: 'buffer', stripFinalNewline: false });
  const log = path.join(cwd, 'log');
  const lines = existsSync(log) ? readFileSync(log, 'latin1').split('\n').slice(0, -1) : [];
  return {
    stdout: Buffer.from(stdout).toString('latin1'),
    stderr: Buffer.from(stderr).toString('latin1'),
    exitCode,
    joblog: lines.map(withoutTimes).toSorted((left, right) => Number.parseInt(left, 10) - Number.parseInt(right, 10)),
  };
}

function withoutTimes(line: string): string {
  return line.split('\t').filter((_, column) => column !== 2 && column !== 3).join('\t');
}

async function callBoth(line: Line): Promise<readonly [parallel: Came, mpctl: Came]> {
  const { command, options = [], items, onlyParallel = [] } = line;
  const behind = items === undefined ? [] : [':::', ...items];
  return [
    await call(['parallel', ...onlyParallel, ...options, ...command, ...behind], line),
    await call([process.execPath, program, 'pool', ...options, '--', ...command, ...behind], line),
  ];
}

const odd = ['a b', "it's", '$HOME', '`id`', '"', '\\', '*', 'é😀', '-n', '~', '#', 'a;b', "'", "''", '!x', '\t'];
const many = [
  ...['true', 'true', 'exit 3', 'kill -9 $$', 'kill -15 $$', 'exit 130', 'exit 141', 'echo a  b; echo err >&2; exit 129', 'printf x', 'cd /; exit 0', 'pwd | wc -l'],
  ...['echo "$PARALLEL_SEQ $PARALLEL_JOBSLOT"', 'exec 1>&- 2>&-', 'sleep 0.01 & echo left', 'cat; read x || echo end', 'set -e; false; echo never', 'echo $0', 'head -c 300000 /dev/zero | tr "\\0" y', 'no-such-command', 'echo last'],
];
const log = ['-j1', '--joblog', 'log'];
const header = 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n';
const past = `${header}1\t:\t1.000\t     0.001\t0\t2\t0\t0\techo 1; exit 0\n2\t:\t1.000\t     0.001\t0\t2\t3\t0\techo 2; exit 3\n`;

describe('`mpctl pool` beside GNU parallel', () => {
  it.each<readonly [string, Line]>([
    ['appends the item', { command: ['echo', 'x'], input: 'a\nb\n\nc', options: ['-k'] }],
    ['splits at NUL', { command: ['echo', '{}'], input: 'a\nb\0c\0', options: ['-k', '-0', '--joblog', 'log'] }],
    ['keeps carriage returns', { command: ['echo', '{}'], input: 'a\r\nb', options: ['-k'] }],
    ['quotes odd items in a shell line', { command: ['printf %s {}; echo {}'], items: odd, options: [...log, '-k'] }],
    ['quotes odd items within quotes', { command: ['printf "%s\\n" "{}"'], items: ['a b', 'x'], options: log }],
    ['passes odd items of a command as they are', { command: ['printf', '%s,', '{}'], items: odd.filter((item) => item !== '-n'), options: ['-k'], onlyParallel: ['-q'] }],
    ['takes items apart', { command: ['echo {} {.} {/} {//} {/.} {#}'], items: ['a/b.c', 'x', '/a', '/', 'a//b.d', '.rc', 'a.b/c', 'a/b.c/', 'x.tar.gz', ''], options: ['-j1', '-k'] }],
    ['tells the slot', { command: ['echo {%} $PARALLEL_JOBSLOT $PARALLEL_SEQ'], items: ['a', 'b'], options: ['-j1', '-k'] }],
    ['combines sources', { command: ['echo {} {1}-{2} {2/.} {-1}'], items: ['a', 'b', ':::', 'c/x.y', 'd'], options: ['-k'] }],
    ['prints what it would run', { command: ['echo {} | wc -c > {.}'], items: ['a b.c', "it's"], options: ['-k', '--dry-run', '--joblog', 'log'] }],
    ['counts failures', { command: ['exit {}'], items: ['0', '1', '2', '255'], options: log }],
    ['counts more than 100 of them as 101', { command: ['false'], items: Array.from({ length: 103 }, (_, index) => String(index)), options: ['-j8'] }],
    ['tells signals', { command: ['kill -{} $$; echo never'], items: ['9', '15'], options: log }],
    ['finds no command', { command: ['no-such-command'], items: ['a'], options: ['-j1'] }],
    ['takes commands from items', { command: [], input: 'echo a b; exit 2\nprintf x\n', options: ['-k', ...log] }],
    ['takes many commands, most of which run in the shell of their slot', { command: [], input: `${many.join('\n')}\n`, options: ['-k', ...log] }],
    ['tries again', { command: ['echo {}; echo {} >> tries; test {} = $(wc -l < tries)'], items: ['3', '9'], options: [...log, '--retries', '3'] }],
    ['stops what takes too long', { command: ['echo begun; exec sleep {}'], items: ['0', '60'], options: [...log, '--timeout', '1'] }],
    ['stops what takes too long in the shell of its slot', { command: ['echo begun; exec sleep {}'], items: ['0', '0', '0', '60', '0'], options: [...log, '--timeout', '1'] }],
    ['halts soon', { command: ['echo {}; exit {}'], items: ['0', '4', '0', '5'], options: [...log, '--halt', 'soon,fail=1'] }],
    ['halts after two failures', { command: ['exit {}'], items: ['0', '4', '0', '5', '0'], options: [...log, '--halt', 'now,fail=2'] }],
    ['halts at a share of failures', { command: ['exit {}'], items: ['0', '4', '0', '5', '0', '0', '0', '0', '0', '0'], options: [...log, '--halt', 'soon,fail=20%'] }],
    ['counts percents of failures where a share of them would have halted it', { command: ['exit {}'], items: ['0', '4', '0'], options: [...log, '--halt', 'soon,fail=90%'] }],
    ['counts percents of what has run', { command: ['exit {}'], items: ['0', '3', '0', '0', '4', '0'], joblog: past, options: [...log, '--resume', '--halt', 'now,success=100%'] }],
    ['halts at a success', { command: ['exit {}'], items: ['3', '0', '5'], options: [...log, '--halt', 'now,success=1'] }],
    ['halts when so many are done', { command: ['exit {}'], items: ['3', '0', '5'], options: [...log, '--halt', 'soon,done=2'] }],
    ['halts by a signal', { command: ['kill -9 $$'], items: ['a', 'b'], options: [...log, '--halt', 'now,fail=1'] }],
    ['stops the others when it halts now', { command: ['echo {}; test {} != 1 || exit 7; exec sleep 60'], items: ['2', '1'], options: ['-j2', '--joblog', 'log', '--halt', 'now,fail=1'] }],
    ['stops the others in the shells of their slots', { command: ['test {} = 0 && exit; echo {}; test {} != 1 || exit 7; exec sleep 60'], items: ['0', '0', '0', '0', '0', '2', '1'], options: ['-j2', '--joblog', 'log', '--halt', 'now,fail=1'] }],
    ['takes the short forms of halt', { command: ['exit {}'], items: ['0', '4', '5'], options: [...log, '--halt', '2'] }],
    ['resumes', { command: ['echo {}; exit 0'], items: ['1', '2', '3'], joblog: past, options: [...log, '--resume'] }],
    ['resumes what failed', { command: ['echo {}; exit 0'], items: ['1', '2', '3'], joblog: past, options: [...log, '--resume-failed'] }],
    ['runs what failed again', { command: [], joblog: past, options: [...log, '--retry-failed'] }],
    ['adds to a job log', { command: ['echo {}'], items: ['1'], joblog: past, options: ['-j1', '--joblog', '+log'] }],
    ['begins a job log anew', { command: ['echo {}'], items: ['1'], joblog: past, options: log }],
    ['runs nothing without items', { command: ['echo'], input: '', options: log }],
    ['passes on what a job writes', { command: [String.raw`printf '\377\000{}'; printf 'e{}' >&2`], items: ['1', '2'], options: [...log, '-k'] }],
  ])('%s', async (_, line) => {
    const [parallel, mpctl] = await callBoth(line);
    expect({ ...mpctl, stderr: null }).toEqual({ ...parallel, stderr: null });
  });

  it('puts any bytes into a shell line as GNU parallel does', async () => {
    // No newline: to GNU parallel the folder of a name ends with its line.
    const byte = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('/', '/', '.', '.', 'a', ' ', "'", '"', '\\', '$', '-') }, { weight: 1, arbitrary: fc.integer({ min: 11, max: 255 }).map((code) => String.fromCodePoint(code)) });
    const items = fc.sample(fc.string({ unit: byte, maxLength: 12 }), { numRuns: 400, seed: 7 });
    const input = Buffer.from(items.map((item) => `${item}\0`).join(''), 'latin1');
    for (const line of ['x a{}b {.} {/} {//} {/.} {#} {1/.}', 'V={} x{}', 'a{}b {/}']) {
      const [parallel, mpctl] = await callBoth({ command: [line], input, options: ['-0', '-k', '--dry-run'] });
      expect(mpctl.stdout.split('\n')).toEqual(parallel.stdout.split('\n'));
    }
  });

  it('takes a log that GNU parallel has written, and the other way round', async () => {
    const cwd = tempFolder();
    const environment = { PATH: process.env['PATH'], HOME: cwd, PARALLEL_SHELL: '/bin/sh' };
    const both = { parallel: ['parallel'], mpctl: [process.execPath, program, 'pool'] };
    const items = [':::', '0', '1', '0'];
    const options = { cwd, env: environment, extendEnv: false, reject: false } as const;
    for (const [first, second] of [[both.parallel, both.mpctl], [both.mpctl, both.parallel]] as const) {
      writeFileSync(path.join(cwd, 'log'), '');
      const end = first === both.mpctl ? ['--'] : [];
      await execa(first[0] ?? '', [...first.slice(1), '-j1', '--joblog', 'log', ...end, 'exit {}', ...items.slice(0, 3)], options);
      const again = await execa(second[0] ?? '', [...second.slice(1), '-k', '--joblog', 'log', '--resume-failed', ...(second === both.mpctl ? ['--'] : []), 'echo {#}', ...items], options);
      expect(again).toMatchObject({ stdout: '2\n3', exitCode: 0 });
    }
  });
});
