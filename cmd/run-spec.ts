import path from 'node:path';
import { exitCodes } from '../src/base/exit-codes.ts';
import type { Plan } from '../src/plan/plan.ts';
import type { PlanOverrides } from '../src/plan/build/plan-overrides.ts';
import { selectPlan } from '../src/plan/select.ts';
import { chooseReporter } from '../src/report/choose-reporter.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { isDryRun } from '../src/runtime/jobserver/make-flags.ts';
import { runPlan } from '../src/runtime/run-plan.ts';
import { pythonFolder } from './assets.ts';
import type { CommandContext } from './context.ts';
import { exitWith, type Exit } from './exit.ts';
import { foldersWithoutSpec, splitSpecAndNames, stdinArgument } from './find-spec.ts';
import { OptimizeLate } from './optimize-late.ts';
import { preparePlan, type PreparedPlan } from './prepare-plan.ts';
import { reportTargetOf } from './report-target.ts';
import type { RunFlags } from './run-flags.ts';
import { specExitCode } from './spec-exit-code.ts';
import { standardInputTaken } from './standard-input-taken.ts';

/** Runs a spec to its end. What is wrong with it, notes aside, is all said first, and then nothing is started. */
export async function runSpec(context: CommandContext, written: readonly string[], flags: RunFlags): Promise<Exit> {
  const { host } = context;
  if (written.includes('')) {
    const hint = 'a variable in quotes may be empty; leave the argument out to run all of the spec of this folder';
    context.printDiagnostics([makeDiagnostic('MP004', 'an argument of `mpctl run` is empty', { hint })]);
    return exitWith(exitCodes.usage);
  }
  const { spec, names } = splitSpecAndNames(written, host.workingDir);
  const prepared = preparePlan(host, spec, overridesOf(flags));
  context.printDiagnostics(prepared.diagnostics.filter(({ severity }) => severity !== 'note'));
  const exitCode = specExitCode(prepared.diagnostics, false);
  if (prepared.plan === null || exitCode !== 0) return exitWith(exitCode);
  const selected = names.length === 0 ? null : selectPlan(prepared.plan, names);
  if (selected?.ok === false) {
    context.printDiagnostics([...selected.error, ...foldersWithoutSpec(names, host.workingDir)]);
    return exitWith(exitCodes.usage);
  }
  const plan = selected?.value ?? prepared.plan;
  if (spec !== stdinArgument) return runToEnd(context, { ...prepared, plan }, prepared.name, flags);
  const taken = standardInputTaken(plan);
  if (taken.length === 0) return runToEnd(context, { ...prepared, plan }, null, flags);
  context.printDiagnostics(taken);
  return exitWith(exitCodes.usage);
}

function overridesOf(flags: RunFlags): PlanOverrides {
  return {
    ...(flags.env === undefined ? {} : { environment: flags.env }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
    ...(flags.maxParallel === undefined ? {} : { maxParallel: flags.maxParallel }),
    ...(flags.onFailure === undefined ? {} : { onFailure: flags.onFailure }),
  };
}

/** What is run, and where it is written. */
interface PlanToRun extends Pick<PreparedPlan, 'lineOf'> {
  readonly plan: Plan;
}

/** `file` is null for standard input, which is as if written in the working folder. */
async function runToEnd(context: CommandContext, { plan, lineOf }: PlanToRun, file: string | null, flags: RunFlags): Promise<Exit> {
  const { host } = context;
  if (isDryRun(host.environment['MAKEFLAGS'] ?? '')) {
    const { printPlan } = await import('./show-plan.ts');
    await printPlan(context, plan, flags.format);
    return exitWith(exitCodes.success);
  }
  const specPath = path.resolve(host.workingDir, file ?? 'stdin');
  const reporter = await chooseReporter(
    {
      // A worker on the terminal itself would write into the live view.
      output: flags.output ?? (usesTerminal(plan) ? 'prefixed' : null),
      format: flags.format,
      timestamps: flags.timestamps ?? false,
      github: host.environment['GITHUB_ACTIONS'] === 'true',
      workingDir: host.workingDir,
    },
    reportTargetOf(context),
  );
  const late = new OptimizeLate();
  const ended = await runPlan(plan, {
    environment: host.environment,
    specPath,
    projectFolder: path.dirname(specPath),
    pythonFolder: pythonFolder(),
    lineOf,
    report: (event) => {
      late.handle(event);
      reporter.handle(event);
    },
    onReaderGone: (listener) => {
      host.stdout.onReaderGone(listener);
    },
  });
  if (!ended.ok) {
    const { code, message, hint } = ended.error;
    context.printDiagnostics([makeDiagnostic(code, message, hint === null ? {} : { hint })]);
    return exitWith(exitCodes.environment);
  }
  await reporter.finish();
  const { signal, exitCode } = ended.value;
  return isSignal(signal) ? { type: 'signal', signal } : exitWith(exitCode);
}

function usesTerminal(plan: Plan): boolean {
  return [...plan.instances, ...plan.pools].some(
    (work) => work.stdin.type === 'inherit' || work.stdout.type === 'inherit' || work.stderr.type === 'inherit',
  );
}

function isSignal(name: string | null): name is NodeJS.Signals {
  return name !== null;
}
