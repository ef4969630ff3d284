/* The command line of `mpctl pool`, which is that of GNU parallel as far as it goes. */
import { didYouMean } from '../base/did-you-mean.ts';
import { err, ok, type Result } from '../base/result.ts';
import { foreignFlagHint } from './foreign-flags.ts';
import { parseHalt, type Halt } from './halt.ts';
import type { JobOptions, JoblogPlace } from './job-options.ts';
import type { JobTimeout } from './job-pool.ts';
import { findJobFlag, jobFlags, type JobFlagName } from './option-table.ts';
import { readAttempts, readSlots, readTimeout } from './read-values.ts';

/** Why a command line cannot be understood, and what would be right. */
export interface UsageFault {
  readonly message: string;
  readonly hint: string;
}

/** A fault on its way out of the depth of the reading. */
class Fault extends Error {
  readonly fault: UsageFault;

  constructor(message: string, hint: string) {
    super(message);
    this.fault = { message, hint };
  }
}

interface Given {
  readonly switches: Set<JobFlagName>;
  readonly values: Map<JobFlagName, string>;
  /** What follows the options. */
  readonly rest: readonly string[];
}

/** Reads what stands behind `mpctl pool`. `verbs` are the words that mean something else there; `cpus` counts those of the machine. */
export function readJobOptions(argv: readonly string[], verbs: readonly string[], cpus: number): Result<JobOptions, UsageFault> {
  try {
    const given = readFlags(argv, verbs);
    const { command, sources } = readRest(given.rest);
    const options: JobOptions = {
      slots: valueOf(given, '--jobs', (text) => readSlots(text, cpus), 'a number, a percentage, or +N or -N of the CPUs') ?? cpus,
      keepOrder: given.switches.has('--keep-order'),
      joblog: joblogOf(given),
      resume: resumeOf(given),
      attempts: valueOf(given, '--retries', readAttempts, 'a whole number') ?? 1,
      timeout: valueOf<JobTimeout>(given, '--timeout', readTimeout, 'seconds, such as 5 or 2m30s, or a percentage above 0'),
      halt: haltOf(given),
      bar: given.switches.has('--bar'),
      endsWithNul: given.switches.has('--null'),
      dryRun: given.switches.has('--dry-run'),
      color: !given.switches.has('--no-color'),
      command,
      sources,
    };
    checkTogether(options);
    return ok(options);
  } catch (error) {
    if (error instanceof Fault) return err(error.fault);
    throw error;
  }
}

/** Whether help is asked for, before anything that belongs to the command. */
export function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.findIndex((word) => word === '--' || word.startsWith(':::'));
  return (end < 0 ? argv : argv.slice(0, end)).some((word) => word === '--help' || word === '-h');
}

function readFlags(argv: readonly string[], verbs: readonly string[]): Given {
  const given = { switches: new Set<JobFlagName>(), values: new Map<JobFlagName, string>() };
  let at = 0;
  /** Takes the value of an option, from `attached` where something is. */
  const take = (name: string, attached: string | null): void => {
    const flag = findJobFlag(name);
    if (flag === undefined) throw unknownFlag(name);
    if (flag.value === null) {
      if (attached !== null) throw new Fault(`\`${name}\` takes no value`, `write \`${name}\` alone`);
      given.switches.add(flag.long);
      return;
    }
    const value = attached ?? argv[at];
    if (attached === null) at += 1;
    if (value === undefined || value === '--') throw new Fault(`\`${name}\` needs a value`, `write \`${name} ${flag.value}\``);
    given.values.set(flag.long, value);
  };
  while (at < argv.length) {
    const word = argv[at] ?? '';
    if (word === '--' || word.startsWith(':::')) break;
    at += 1;
    if (word.startsWith('--')) {
      const [name = '', ...attached] = word.split('=');
      take(name, attached.length === 0 ? null : attached.join('='));
    } else if (word.startsWith('-') && word.length > 1) {
      takeLetters(word, take);
    } else {
      throw strayWord(word, argv.slice(at - 1), verbs, at === 1);
    }
  }
  return { ...given, rest: argv.slice(at) };
}

/** Several letters behind one dash, the last of which may have its value attached: `-kj4`. */
function takeLetters(word: string, take: (name: string, attached: string | null) => void): void {
  for (let at = 1; at < word.length; at += 1) {
    const name = `-${word[at] ?? ''}`;
    const takesValue = findJobFlag(name)?.value !== null;
    const attached = word.slice(at + 1);
    if (findJobFlag(name) !== undefined && takesValue) {
      take(name, attached === '' ? null : attached.replace(/^=/, ''));
      return;
    }
    take(name, null);
  }
}

function unknownFlag(name: string): Fault {
  const foreign = foreignFlagHint(name);
  if (foreign !== undefined) return new Fault(`\`mpctl pool\` has no \`${name}\``, foreign);
  const names = [...jobFlags.flatMap(({ long, others }) => [long, ...others.filter((other) => other.startsWith('--'))]), '--help'];
  const meant = name.startsWith('--') ? didYouMean(name, names) : null;
  return new Fault(`\`mpctl pool\` has no option \`${name}\``, meant === null ? '`mpctl pool --help` shows what it takes' : `did you mean \`${meant}\`?`);
}

function strayWord(word: string, rest: readonly string[], verbs: readonly string[], isFirst: boolean): Fault {
  const meant = isFirst ? didYouMean(word, verbs) : null;
  if (meant !== null) return new Fault(`\`mpctl pool\` has no verb \`${word}\``, `did you mean \`mpctl pool ${meant}\`? A command stands behind \`--\``);
  const shown = rest.length > 3 ? `${rest.slice(0, 3).join(' ')} …` : rest.join(' ');
  return new Fault(`\`${word}\` is no option of \`mpctl pool\``, `a command stands behind \`--\`: \`mpctl pool -- ${shown}\``);
}

function readRest(rest: readonly string[]): Pick<JobOptions, 'command' | 'sources'> {
  const words = rest[0] === '--' ? rest.slice(1) : rest;
  const command: string[] = [];
  const sources: string[][] = [];
  for (const word of words) {
    if (/^::::?\+?$/.test(word) && word !== ':::') {
      throw new Fault(`\`${word}\` of GNU parallel is not in mpctl`, word.startsWith('::::') ? 'write `< FILE`' : 'write each pair as one item');
    }
    if (word === ':::') sources.push([]);
    else (sources.at(-1) ?? command).push(word);
  }
  if (command[0] === '') throw new Fault('the command is empty', 'a variable in quotes may be empty');
  const perl = command.find((word) => /\{=.*=\}/.test(word));
  if (perl !== undefined) throw new Fault('`{= … =}` of GNU parallel is Perl, which mpctl does not run', 'let a shell line do it: `mpctl pool -- \'x={}; echo "${x%.c}"\'`');
  return { command, sources: sources.length === 0 ? null : sources };
}

function valueOf<T>(given: Given, name: JobFlagName, read: (text: string) => T | null, wanted: string): T | null {
  const text = given.values.get(name);
  if (text === undefined) return null;
  const value = read(text);
  if (value === null) throw new Fault(`\`${name}\` takes ${wanted}, found \`${text}\``, '`mpctl pool --help` shows examples');
  return value;
}

function haltOf(given: Given): Halt | null {
  const text = given.values.get('--halt');
  if (text === undefined) return null;
  const halt = parseHalt(text);
  if (!halt.ok) throw new Fault(`\`--halt\` does not know \`${text}\``, `it takes ${halt.error}`);
  return halt.value;
}

function joblogOf(given: Given): JoblogPlace | null {
  const text = given.values.get('--joblog');
  if (text === undefined) return null;
  const append = text.startsWith('+');
  const file = append ? text.slice(1) : text;
  if (file === '') throw new Fault('`--joblog` needs the name of a file', 'write `--joblog FILE`');
  return { file, append };
}

function resumeOf({ switches }: Given): JobOptions['resume'] {
  if (switches.has('--retry-failed')) return 'commands';
  if (switches.has('--resume-failed')) return 'failed';
  return switches.has('--resume') ? 'unfinished' : 'nothing';
}

function checkTogether({ resume, joblog, command, sources }: JobOptions): void {
  if (resume === 'nothing') return;
  if (joblog === null) throw new Fault('what is resumed is read from a job log', 'add `--joblog FILE`');
  if (resume === 'commands' && (command.length > 0 || sources !== null)) {
    throw new Fault('`--retry-failed` runs the commands of the job log, and none besides', 'leave the command out, or write `--resume-failed`');
  }
}
