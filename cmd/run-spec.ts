import path from 'node:path';
import { exitCodes } from '../src/base/exit-codes.ts';
import type { Plan } from '../src/plan/plan.ts';
import type { PlanOverrides } from '../src/plan/build/plan-overrides.ts';
import { selectPlan } from '../src/plan/select.ts';
import { waitsInside } from '../src/plan/waits-inside.ts';
import { chooseReporter } from '../src/report/choose-reporter.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import type { RunRequest } from '../src/runtime/run-folder/run-record.ts';
import type { RunOptions } from '../src/runtime/run-options.ts';
import { isDryRun } from '../src/runtime/jobserver/make-flags.ts';
import { runPlan } from '../src/runtime/run-plan.ts';
import { pythonFolder } from './assets.ts';
import type { CommandContext } from './context.ts';
import { dumpText } from './dump-text.ts';
import { endKilledRuns } from './end-killed-runs.ts';
import { exitWith, type Exit } from './exit.ts';
import { hastenEntry } from './hasten-entry.ts';
import type { Host } from './host.ts';
import { foldersWithoutSpec, splitSpecAndNames, stdinArgument } from './find-spec.ts';
import { OptimizeInTime } from './optimize-in-time.ts';
import { openEarlierRun } from './open-earlier-run.ts';
import { type PreparedPlan, preparePlan } from './prepare-plan.ts';
import { reportTargetOf } from './report-target.ts';
import type { ResumeFlags, RunFlags } from './run-flags.ts';
import { specExitCode } from './spec-exit-code.ts';
import { standardInputTaken } from './standard-input-taken.ts';
import { unreadTaskFiles } from './unread-task-files.ts';

/** Runs a spec to its end. What is wrong with it, notes aside, is all said first, and then nothing is started. */
export async function runSpec(context: CommandContext, written: readonly string[], flags: RunFlags): Promise<Exit> {
  const { host } = context;
  if (written.includes('')) {
    const hint = 'a variable in quotes may be empty; leave the argument out to run all of the spec of this folder';
    context.printDiagnostics([makeDiagnostic('MP004', 'an argument of `mpctl run` is empty', { hint })]);
    return exitWith(exitCodes.usage);
  }
  const { spec, names } = splitSpecAndNames(written, host.workingDir);
  return runPrepared(context, { spec, names, overrides: overridesOf(flags), resume: flags.resume ?? null, flags, ordered: flags });
}

/** A call of `run` or `resume`, with what it means. */
interface RunCall {
  readonly spec: string | undefined;
  readonly names: readonly string[];
  readonly overrides: PlanOverrides;
  /** The run to go on from, as the user named it; null to begin anew. */
  readonly resume: string | null;
  readonly flags: ResumeFlags;
  /** In which order it is run, where that is not as it comes. */
  readonly ordered: Pick<RunFlags, 'schedule' | 'real' | 'explore' | 'seed'>;
}

/** Runs what a call means to its end. */
export async function runPrepared(context: CommandContext, call: RunCall): Promise<Exit> {
  const { host } = context;
  hastenEntry(host);
  const { spec, names } = call;
  let input: Uint8Array | null = null;
  const keepInput: Host['readStandardInput'] = (maxBytes) => {
    const read = host.readStandardInput(maxBytes);
    if (read.ok) input = read.value;
    return read;
  };
  const prepared = preparePlan({ ...host, readStandardInput: keepInput }, spec, call.overrides);
  const isInside = (host.outside ?? null) !== null;
  // Of one in a namespace, the mpctl outside has said the rest.
  context.printDiagnostics(prepared.diagnostics.filter(({ severity }) => (isInside ? severity === 'error' : severity !== 'note')));
  const exitCode = specExitCode(prepared.diagnostics, false);
  if (prepared.plan === null || exitCode !== 0) return exitWith(exitCode);
  const selected = names.length === 0 ? null : selectPlan(prepared.plan, names);
  if (selected?.ok === false) {
    context.printDiagnostics([...selected.error, ...foldersWithoutSpec(names, host.workingDir)]);
    return exitWith(exitCodes.usage);
  }
  const plan = selected?.value ?? prepared.plan;
  const isStandardInput = spec === stdinArgument;
  const taken = isStandardInput ? standardInputTaken(plan) : [];
  if (taken.length > 0) {
    context.printDiagnostics(taken);
    return exitWith(exitCodes.usage);
  }
  const unread = unreadTaskFiles(plan, prepared.locate);
  if (unread.length > 0) {
    context.printDiagnostics(unread);
    return exitWith(exitCodes.environment);
  }
  const deadlock = await certainDeadlockOf(context, call, plan, prepared.locate);
  if (deadlock !== null) {
    context.printDiagnostics([deadlock]);
    return exitWith(specExitCode([deadlock], false));
  }
  // Standard input is as if written in the working folder.
  const specPath = path.resolve(host.workingDir, isStandardInput ? 'stdin' : prepared.name);
  const { specDigest, lineOf } = prepared;
  const request = { resumes: null, specDigest, names, isStandardInput, overrides: call.overrides };
  const toRun = { plan, lineOf, specPath, request, input };
  if (isDryRun(host.environment['MAKEFLAGS'] ?? '')) return showOnly(context, plan, call.flags);
  if (call.resume !== null) return goOn(context, call.resume, toRun, call.flags);
  const { schedule, explore } = call.ordered;
  if (schedule === undefined && explore === undefined) return runToEnd(context, toRun, call.flags);
  const { runInOrder } = await import('./run-in-order.ts');
  return runInOrder(context, plan, call.ordered, (changed) => runToEnd(context, { ...toRun, ...changed }, call.flags));
}

/** MP901 of what always deadlocks, where a run is to be kept from it; null of whatever else. */
async function certainDeadlockOf({ host }: CommandContext, { flags, ordered, resume }: RunCall, plan: Plan, locate: PreparedPlan['locate']): Promise<Diagnostic | null> {
  // Of one in a namespace, the mpctl outside has looked; whoever has the schedule of a deadlock wants to meet it; and
  // one that goes on runs fewer tasks than the plan has, so that nothing is certain of it.
  const isLeftOut = (host.outside ?? null) !== null || flags.check === false || ordered.schedule !== undefined || resume !== null;
  if (isLeftOut || !waitsInside(plan)) return null;
  const { findCertainDeadlock } = await import('./find-certain-deadlock.ts');
  return findCertainDeadlock(plan, locate);
}

/** What a make that only shows what it would do asks for. */
async function showOnly(context: CommandContext, plan: Plan, { format }: ResumeFlags): Promise<Exit> {
  const { printPlan } = await import('./show-plan.ts');
  await printPlan(context, plan, format);
  return exitWith(exitCodes.success);
}

/** Runs it with what an earlier run has left, if that can be. */
async function goOn(context: CommandContext, name: string, toRun: PlanToRun, flags: ResumeFlags): Promise<Exit> {
  const { plan, specPath, request } = toRun;
  const { earlier, diagnostics } = await openEarlierRun(context.host, { name, specPath, plan, specDigest: request.specDigest, onlyFailed: flags.retryFailed ?? false });
  if (earlier === null || (context.host.outside ?? null) === null) context.printDiagnostics(diagnostics);
  if (earlier === null) return exitWith(exitCodes.usage);
  return runToEnd(context, { ...toRun, earlier, request: { ...request, resumes: earlier.id } }, flags);
}

function overridesOf(flags: RunFlags): PlanOverrides {
  return {
    ...(flags.env === undefined ? {} : { environment: flags.env }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
    ...(flags.maxParallel === undefined ? {} : { maxParallel: flags.maxParallel }),
    ...(flags.onFailure === undefined ? {} : { onFailure: flags.onFailure }),
  };
}

/** What is run, where it is written, and what it goes on from. */
interface PlanToRun extends Pick<RunOptions, 'lineOf' | 'specPath' | 'earlier' | 'inOrder'> {
  readonly plan: Plan;
  readonly request: RunRequest;
  /** All of standard input, where the spec was read from there. */
  readonly input: Uint8Array | null;
}

async function runToEnd(context: CommandContext, { plan, input, ...toRun }: PlanToRun, flags: ResumeFlags): Promise<Exit> {
  const { host } = context;
  const outside = host.outside ?? null;
  const onParentExit = flags.onParentExit ?? 'auto';
  // In a namespace nobody is seen who is outside, and the mpctl there has done that.
  if (outside === null) await endKilledRuns(host, path.dirname(toRun.specPath));
  if (outside === null && plan.containment === 'pidns' && host.isOwnProcess === true) {
    const { runInNamespace } = await import('./run-in-namespace.ts');
    return runInNamespace(context, input, onParentExit);
  }
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
  const optimizing = new OptimizeInTime();
  const ended = await runPlan(plan, {
    ...toRun,
    environment: host.environment,
    projectFolder: path.dirname(toRun.specPath),
    pythonFolder: pythonFolder(),
    isOwnProcess: host.isOwnProcess ?? false,
    outside,
    report: (event) => {
      optimizing.handle(event);
      reporter.handle(event);
    },
    onParentExit,
    onQuit: (dump) => reporter.print(dumpText(dump)),
    viewer: {
      lastLines: reporter.lastLines,
      pendingBytes: () => host.stdout.pendingBytes() + host.stderr.pendingBytes(),
      onCaughtUp: (listener) => {
        for (const stream of [host.stdout, host.stderr]) stream.onCaughtUp(listener);
      },
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
