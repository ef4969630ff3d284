import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { compilePlan } from '../src/verify/compile/compile-plan.ts';
import { writePromela } from '../src/verify/promela/write-promela.ts';
import type { CommandContext } from './context.ts';
import { exitWith, type Exit } from './exit.ts';
import { preparePlan } from './prepare-plan.ts';
import { specExitCode } from './spec-exit-code.ts';
import { UsageError } from './usage-error.ts';

/** Writes what `check` searches of a spec for another checker, SPIN, and what is wrong with the spec to standard error. */
export function emitModel(context: CommandContext, specs: readonly string[]): Exit {
  if (specs.length > 1) throw new UsageError(makeDiagnostic('MP003', `\`--emit\` is about one spec, found ${specs.length}`));
  const { plan, diagnostics } = preparePlan(context.host, specs[0]);
  context.printDiagnostics(diagnostics.filter(({ severity }) => severity !== 'note'));
  const exitCode = specExitCode(diagnostics, false);
  if (plan === null || exitCode !== 0) return exitWith(exitCode);
  const text = writePromela(compilePlan(plan).model);
  if (!text.ok) throw new UsageError(makeDiagnostic('MP003', `\`--emit promela\` does not write ${text.error}`));
  context.host.stdout.write(text.value);
  return exitWith(exitCode);
}
