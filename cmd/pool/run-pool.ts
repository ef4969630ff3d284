import { availableParallelism, tmpdir } from 'node:os';
import { isatty } from 'node:tty';
import { readCommand } from '../../src/jobs/job-command.ts';
import type { JobOptions } from '../../src/jobs/job-options.ts';
import type { PastJobs } from '../../src/jobs/joblog.ts';
import { asksForHelp, readJobOptions } from '../../src/jobs/read-options.ts';
import { chooseShell } from '../../src/runtime/jobs/choose-shell.ts';
import { binaryOf } from '../../src/runtime/jobs/byte-words.ts';
import type { ItemListener, ItemSource } from '../../src/runtime/jobs/item-source.ts';
import { JobRun, type JobRunEnd } from '../../src/runtime/jobs/job-run.ts';
import { openJoblog } from '../../src/runtime/jobs/joblog-file.ts';
import { ListedItems } from '../../src/runtime/jobs/listed-items.ts';
import { StreamedItems } from '../../src/runtime/jobs/streamed-items.ts';
import { isDryRun as isDryMake } from '../../src/runtime/jobserver/make-flags.ts';
import { listenToCtrlZ } from '../../src/runtime/listen-to-ctrl-z.ts';
import { watchForStops } from '../../src/runtime/running-ms.ts';
import { listenToSignals } from '../../src/runtime/signals.ts';
import { systemErrorText } from '../../src/runtime/system-error-text.ts';
import { exitCodes } from '../../src/base/exit-codes.ts';
import { wantsColor } from '../color.ts';
import { exitWith, type Exit } from '../exit.ts';
import { poolVerbs } from '../verbs/pool-verbs.ts';
import { workingFolder } from '../working-folder.ts';
import { BarView, noView } from './bar-view.ts';
import { givenWords } from './given-words.ts';
import { poolHelp } from './help.ts';

const standardInput = 0;
const standardError = 2;

/** What the command may touch besides files, jobs and standard output. */
export interface PoolHost {
  readonly environment: Readonly<Record<string, string>>;
  readonly complain: (line: string) => void;
  /** Standard output. */
  readonly print: (text: string) => void;
}

/** `mpctl pool [options] -- COMMAND`, from its arguments to its exit. */
export async function runPool(argv: readonly string[], host: PoolHost): Promise<Exit> {
  const words = givenWords(argv);
  if (asksForHelp(words)) {
    host.print(poolHelp());
    return exitWith(exitCodes.success);
  }
  if (words.length === 0) {
    host.complain('`mpctl pool` needs a command: `mpctl pool -- COMMAND` runs it for each line of standard input (`mpctl pool --help` shows examples)');
    return exitWith(exitCodes.usage);
  }
  const read = readJobOptions(words, poolVerbs.verbs.map(({ name }) => name), availableParallelism());
  if (!read.ok) {
    host.complain(`${shownText(read.error.message)} (${shownText(read.error.hint)})`);
    return exitWith(exitCodes.usage);
  }
  // Make shows what it would do, and has this line executed all the same where it has a `+`.
  const isDryRun = read.value.dryRun || isDryMake(host.environment['MAKEFLAGS'] ?? '');
  return runJobs({ ...read.value, dryRun: isDryRun }, host);
}

async function runJobs(options: JobOptions, host: PoolHost): Promise<Exit> {
  const workingDir = workingFolder();
  if (workingDir === null) {
    host.complain('the folder that mpctl was called in does not exist any more');
    return exitWith(exitCodes.environment);
  }
  let isDamaged = false;
  const joblog = openJoblog(options, {
    onFailure: (message) => {
      isDamaged = true;
      host.complain(message);
    },
    onRemark: host.complain,
  });
  if (!joblog.ok) {
    host.complain(joblog.error);
    return exitWith(exitCodes.environment);
  }
  const bar = options.bar ? barOf(host, options.color) : null;
  let run: JobRun;
  try {
    run = new JobRun({
      options,
      command: options.resume === 'commands' ? { type: 'items' } : readCommand(options.command),
      shell: binaryOf(chooseShell(host.environment)),
      environment: host.environment,
      workingDir,
      joblog: joblog.value,
      openSource: (listener) => openSource(options, joblog.value.past, listener, host),
      complain: (line) => {
        bar?.hide();
        host.complain(line);
        bar?.show();
      },
      view: bar ?? noView,
    });
  } catch (error) {
    host.complain(`there is no room for the output of jobs in \`${tmpdir()}\`: ${systemErrorText(error)}`);
    return exitWith(exitCodes.environment);
  }
  const ends = [listenToSignals((signal) => run.interrupt(signal)), listenToCtrlZ(() => run.stop()), watchForStops(() => {})];
  try {
    return exitOf(await run.run(), isDamaged);
  } finally {
    for (const end of ends) end();
    bar?.close();
  }
}

function exitOf({ exitCode, signal, isDamaged }: JobRunEnd, isLogDamaged: boolean): Exit {
  if (signal !== null) return { type: 'signal', signal };
  return exitWith(exitCode === 0 && (isDamaged || isLogDamaged) ? exitCodes.environment : exitCode);
}

function openSource({ resume, sources, endsWithNul }: JobOptions, { jobs }: PastJobs, listener: ItemListener, { complain }: PoolHost): ItemSource {
  if (resume === 'commands') {
    const last = Math.max(0, ...jobs.keys());
    return new ListedItems([Array.from({ length: last }, (_, index) => jobs.get(index + 1)?.command ?? '')]);
  }
  if (sources !== null) return new ListedItems(sources);
  if (isatty(standardInput)) complain('items are read from the terminal, a line each; Ctrl-D ends them');
  return new StreamedItems(process.stdin, endsWithNul, listener);
}

function barOf({ environment }: PoolHost, colorFlag: boolean): BarView | null {
  if (!isatty(standardError)) return null;
  const { stderr } = process;
  return new BarView({
    get columns() {
      return stderr.columns;
    },
    color: wantsColor({ environment }, { isTTY: true }, colorFlag),
  });
}

/** A text of mpctl with binary strings in it, as somebody reads it. */
function shownText(text: string): string {
  return Buffer.from(text.replaceAll(/[^\0-\u00FF]/gu, binaryOf), 'latin1').toString('utf8');
}
