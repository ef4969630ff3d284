import { jobFlags } from '../../src/jobs/option-table.ts';
import { poolVerbs } from '../verbs/pool-verbs.ts';

const replacements: readonly (readonly [string, string])[] = [
  ['{}', 'the item; without any of these it goes to the end'],
  ['{.}', 'without its extension'],
  ['{/} {//}', 'its file name, its folder'],
  ['{/.}', 'its file name without extension'],
  ['{#} {%}', 'the number of the job, the number of its slot, from 1'],
  ['{2} {2/} …', 'of the second `:::`, and so on; {-1} of the last'],
];

const fromOthers: readonly (readonly [string, string])[] = [
  ['xargs -P4 -n1 gzip', 'mpctl pool -j4 -- gzip'],
  ['xargs -0 -P4 -I% cp % /backup/', 'mpctl pool -0 -j4 -- cp {} /backup/'],
  ["xargs -P4 -I% sh -c 'wc -l < %'", "mpctl pool -j4 -- 'wc -l < {}'"],
  ['parallel -j4 gzip {} ::: *.log', 'mpctl pool -j4 -- gzip {} ::: *.log'],
  ["parallel -k 'grep -c foo {} | sort'", "mpctl pool -k -- 'grep -c foo {} | sort'"],
  ['parallel -q awk … {}', 'mpctl pool -- awk … {}'],
  ['parallel -a list.txt gzip', 'mpctl pool -- gzip < list.txt'],
  ['parallel < commands.txt', 'mpctl pool -j100% < commands.txt'],
  ['parallel --halt now,fail=1 …', 'mpctl pool --halt now,fail=1 -- …'],
];

const exits: readonly (readonly [string, string])[] = [
  ['0', 'every job has succeeded'],
  ['1-100', 'so many jobs failed, or with `--halt …%` so many percent of them; 101: more than 100'],
  ['code', 'where `--halt` stops after the first: that of the job, 128+n after signal n'],
  ['2', 'the command line was wrong'],
  ['4', 'a file could not be read or written'],
  ['128+n', 'ended by signal n, after the jobs'],
];

/** The help of `mpctl pool`, with and without a run. */
export function poolHelp(): string {
  const flags = jobFlags.map(({ long, others, value, meaning }) => {
    const names = [...others.filter((other) => !other.startsWith('--')), long].join(', ');
    return [value === null ? names : `${names} ${value}`, meaning] as const;
  });
  return [
    'Usage: mpctl pool [options] -- COMMAND [ARGUMENT…] [::: ITEM…]',
    '       mpctl pool VERB …\n',
    'Runs a command for each line of standard input, or each item behind `:::`, several at once. Options,',
    'replacement strings, job log and exit codes are those of GNU parallel. What a job writes comes whole',
    'when it has ended: its standard output, and its standard error. In a recipe of make (`+mpctl pool …`) its',
    'jobs are jobs of make, too: no more run than the `-j` of both allows.\n',
    'One word behind `--` is a shell line, into which items go quoted, unless it begins with one; several words',
    'are run as they are, and no shell sees them. Without a command each item is a shell line of its own.\n',
    `Options:\n${table([...flags, ['-h, --help', 'print this help']])}`,
    `Replacement strings:\n${table(replacements)}`,
    `Examples:
  $ seq 100 | mpctl pool -j4 -- ./convert {} {}.png
  $ find . -name '*.log' -print0 | mpctl pool -0 --bar -- gzip
  $ mpctl pool -k -- 'curl -sS {} | wc -c' < urls.txt
  $ mpctl pool --joblog jobs.tsv --resume-failed --retries 3 -- ./job ::: a b c
`,
    `From xargs / GNU parallel:\n${table(fromOthers)}`,
    `Exit codes:\n${table(exits)}`,
    `Inside a run, for the pools of its spec (each has --help):\n${table(poolVerbs.verbs.map(({ name, takes, summary }) => [`${name} ${takes}`, summary] as const))}`,
  ].join('\n');
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}
