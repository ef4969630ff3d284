import { Command, CommanderError } from 'commander';
import { exitCodes, exitMeanings } from '../src/base/exit-codes.ts';
import { defineCheck } from './commands/check.ts';
import { defineCompletion } from './commands/completion.ts';
import { defineExplain } from './commands/explain.ts';
import { defineInit } from './commands/init.ts';
import { definePlan } from './commands/plan.ts';
import { defineResume } from './commands/resume.ts';
import { defineRun } from './commands/run.ts';
import { defineSchema } from './commands/schema.ts';
import { readVersion } from './assets.ts';
import type { CommandContext } from './context.ts';
import { translateUsage, unknownCommand } from './translate-usage.ts';
import { UsageError } from './usage-error.ts';
import { verbWords } from './verbs/is-verb.ts';

/** The commands in the order of the help. */
const definitions: ReadonlyMap<string, (program: Command, context: CommandContext) => Command> = new Map([
  ['run', defineRun],
  ['resume', defineResume],
  ['check', defineCheck],
  ['plan', definePlan],
  ['explain', defineExplain],
  ['schema', defineSchema],
  ['init', defineInit],
  ['completion', defineCompletion],
]);

/** Those of the verbs, too: whoever mistypes one has come here. */
const commandNames: readonly string[] = [...definitions.keys(), ...verbWords];

const widestHelp = 100;

const codeWidth = Math.max(...exitMeanings.map(([code]) => code.length));

const exitCodeTable = `
Without a spec (each has --help):
  pool -- COMMAND for each item of standard input, lock run FILE -- COMMAND

From another terminal, in the folder of the spec (each has --help):
  ps, why, logs, runs, clean, doctor, wait, stop, start, restart, signal

Inside a run, for scripts (each has --help):
  lock, semaphore, event, barrier, condition, queue, pipe, value, pool, process, ready, shutdown

Exit codes:
${exitMeanings.map(([code, meaning]) => `  ${code.padEnd(codeWidth)}  ${meaning.replaceAll('`', '')}`).join('\n')}

Examples:
  $ mpctl init && mpctl run
  $ mpctl check
`;

/**
 * The command line as commander sees it. It never ends the process: help, version and wrong usage come
 * out as errors. Where `first`, the first argument, is a command that needs only its own definition,
 * the rest is left out, which is what makes the start quick.
 */
export function createProgram(context: CommandContext, first: string | undefined): Command {
  const { host } = context;
  const program = new Command('mpctl');
  program
    .description('Runs what one YAML file declares: processes, daemons, pools, and the locks, events, queues and pipes between them.')
    .option('--no-color', 'no colour (as does NO_COLOR; FORCE_COLOR asks for it)')
    .option('-V, --version', 'print the version')
    .on('option:version', () => {
      host.stdout.write(`${readVersion()}\n`);
      throw new CommanderError(exitCodes.success, 'commander.version', 'version');
    })
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [COMMAND]', 'Print the help of a command.')
    .configureHelp({ 
      showGlobalOptions: true,
      visibleGlobalOptions: (command) =>
        command === program ? [] : program.options.filter((option) => option.long === '--no-color'),
    })
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => helpWidth(host.stdout.columns),
      getErrHelpWidth: () => helpWidth(host.stderr.columns),
    })
    .showSuggestionAfterError(false)
    .addHelpText('after', exitCodeTable);
  program.hook('preAction', () => {
    context.colorFlag = program.opts<{ color: boolean }>().color;
  });
  refuseInOurWords(program);

  const only = first === undefined || first === 'completion' ? undefined : definitions.get(first);
  for (const define of only === undefined ? definitions.values() : [only]) refuseInOurWords(define(program, context));
  return program;
}

/**
 * Commander shows its general help where somebody asks for that of a command that there is not.
 *
 * @throws UsageError for `help NAME` of no command
 */
export function refuseHelpOfNothing([first, second]: readonly string[]): void {
  if (first !== 'help' || second === undefined || second.startsWith('-') || second === 'help' || definitions.has(second)) return;
  throw new UsageError(unknownCommand(second, commandNames));
}

function helpWidth(columns: number | null): number {
  return Math.min(columns ?? widestHelp, widestHelp);
}

/** Wrong usage becomes a finding; help comes out as it is. */
function refuseInOurWords(command: Command): void {
  command.allowExcessArguments(false).exitOverride((error) => {
    if (error.code.startsWith('commander.help')) throw error;
    throw new UsageError(translateUsage(error, command, commandNames));
  });
}
