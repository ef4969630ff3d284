import type { CommandContext } from './context.ts';
import type { RunFlags } from './commands/run.ts';
import { exitWith, type Exit } from './exit.ts';
import { splitSpecAndNames } from './find-spec.ts';
import { preparePlan } from './prepare-plan.ts';
import { specExitCode } from './spec-exit-code.ts';

/** Runs a spec to its end. What is wrong with it is all said first, and then nothing is started. */
export async function runSpec(context: CommandContext, written: readonly string[], flags: RunFlags): Promise<Exit> {
  const { spec, names } = splitSpecAndNames(written, context.host.workingDir);
  const { plan, diagnostics } = preparePlan(context.host, spec);
  context.printDiagnostics(diagnostics);
  const exitCode = specExitCode(diagnostics, false);
  if (plan === null || exitCode !== 0) return exitWith(exitCode);
  return exitWith(0);
}
