import { CommanderError } from 'commander';
import { exitCodes } from '../src/base/exit-codes.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { CommandContext } from './context.ts';
import { exitWith, type Exit } from './exit.ts';
import type { Host } from './host.ts';
import { createProgram, refuseHelpOfNothing } from './program.ts';
import { reportBug } from './report-bug.ts';
import { UsageError } from './usage-error.ts';

/**
 * The whole command line: parses the arguments, does what they ask and says how to end. It never ends
 * the process and never throws; what would have been thrown is a bug, reported as MP001.
 */
export async function main(host: Host): Promise<Exit> {
  const context = new CommandContext(host);
  try {
    if (host.platform === 'win32') {
      context.printDiagnostics([
        makeDiagnostic('MP014', 'mpctl does not run on Windows, which has no process groups and no POSIX signals', {
          hint: 'run it within WSL 2',
        }),
      ]);
      return exitWith(exitCodes.environment);
    }
    if (!host.hasWorkingDir) {
      context.printDiagnostics([
        makeDiagnostic('MP019', 'the folder that mpctl was called in does not exist any more', {
          hint: 'change to a folder that exists, for example with `cd "$PWD"`',
        }),
      ]);
      return exitWith(exitCodes.environment);
    }
    return await runCommandLine(context);
  } catch (error) {
    reportBug(context, error);
    return exitWith(exitCodes.bug);
  }
}

async function runCommandLine(context: CommandContext): Promise<Exit> {
  const { host } = context;
  const program = createProgram(context, host.argv[0]);
  if (host.argv.length === 0) {
    program.outputHelp({ error: true });
    return exitWith(exitCodes.usage);
  }
  try {
    refuseHelpOfNothing(host.argv);
    await program.parseAsync(host.argv, { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) {
      context.printDiagnostics([error.diagnostic]);
      return exitWith(exitCodes.usage);
    }
    if (error instanceof CommanderError) return exitWith(exitCodes.success);
    throw error;
  }
  return context.exit ?? exitWith(exitCodes.success);
}
