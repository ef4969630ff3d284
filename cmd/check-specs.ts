import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { exitCodes } from '../src/base/exit-codes.ts';
import { unreachable } from '../src/base/invariant.ts';
import { DiagnosticBag } from '../src/diagnostics/bag.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { LineIndex } from '../src/diagnostics/line-index.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { renderGithub } from '../src/diagnostics/render-github.ts';
import { toJsonReport } from '../src/diagnostics/render-json.ts';
import { renderSarif } from '../src/diagnostics/render-sarif.ts';
import { renderSummary } from '../src/diagnostics/render-text.ts';
import type { SourceRange } from '../src/diagnostics/source.ts';
import type { Plan } from '../src/plan/plan.ts';
import { leavesOut } from '../src/verify/assumption.ts';
import { describeJudgement } from '../src/verify/describe-judgement.ts';
import { type JudgedSpec, renderVerdictPage } from '../src/verify/html/verdict-page.ts';
import { judge, type Judgement } from '../src/verify/judge.ts';
import { readVersion } from './assets.ts';
import type { CommandContext } from './context.ts';
import { exitWith, type Exit } from './exit.ts';
import { findDeadlocks, findLostNotification, findNeverSucceeds, usualBudget } from './find-deadlocks.ts';
import type { CheckFormat } from './output-format.ts';
import { preparePlan } from './prepare-plan.ts';
import { specExitCode } from './spec-exit-code.ts';
import { describeSystemError } from './system-error.ts';
import { unreadTaskFiles } from './unread-task-files.ts';

/** How to check. */
export interface CheckOptions {
  readonly format: CheckFormat;
  /** A warning fails the check. */
  readonly strict: boolean;
  /** Looks for a deadlock for as long as somebody may wait who knows that it takes long. */
  readonly deep: boolean;
  /** Whatever is not proved fails the check. */
  readonly requireProof: boolean;
  /** The file that a page with the verdicts is written to; null for none. */
  readonly html: string | null;
}

interface CheckedSpec {
  readonly name: string;
  readonly plan: Plan | null;
  /** null where an error makes every run impossible. */
  readonly judgement: Judgement | null;
  readonly bag: DiagnosticBag;
  readonly exitCode: number;
  /** Where a step or a hold is written. */
  readonly lineOf: JudgedSpec['lineOf'];
}

/** Of several specs the first of these decides. */
const exitOrder: readonly number[] = [exitCodes.environment, exitCodes.invalidSpec, exitCodes.deadlock, exitCodes.failure];

/** Checks specs one after the other and writes the findings to standard output. */
export async function checkSpecs(context: CommandContext, written: readonly string[], options: CheckOptions): Promise<Exit> {
  const specs: CheckedSpec[] = [];
  for (const argument of written.length === 0 ? [undefined] : written) specs.push(await checkSpec(context, argument, options));
  context.host.stdout.write(render(context, specs, options));
  const isWritten = options.html === null || writePage(context, options.html, specs);
  const exitCode = isWritten ? exitOrder.find((code) => specs.some((spec) => spec.exitCode === code)) : exitCodes.environment;
  return exitWith(exitCode ?? exitCodes.success);
}

/** False where it cannot be written, which is said. */
function writePage(context: CommandContext, file: string, specs: readonly CheckedSpec[]): boolean {
  try {
    writeFileSync(path.resolve(context.host.workingDir, file), renderVerdictPage(specs));
    return true;
  } catch (error) {
    context.printDiagnostics([makeDiagnostic('MP016', `\`${file}\` could not be written: ${describeSystemError(error).sentence}`)]);
    return false;
  }
}

async function checkSpec({ host }: CommandContext, argument: string | undefined, { strict, deep, requireProof }: CheckOptions): Promise<CheckedSpec> {
  const { name, plan, locate, diagnostics: found, diagnosticsWith } = preparePlan(host, argument);
  if (plan === null || locate === null) return { name, plan, judgement: null, bag: new DiagnosticBag(found), exitCode: specExitCode(found, strict), lineOf: () => null };
  const judgement = deep ? await judgeInThread(plan, host) : judge(plan, usualBudget());
  const deadlocks = findDeadlocks(plan, judgement, locate, found);
  const failure = findNeverSucceeds(plan, judgement, locate, [...found, ...deadlocks]);
  const lost = failure === null ? findLostNotification(plan, judgement, locate) : null;
  const diagnostics = diagnosticsWith([...unreadTaskFiles(plan, locate), ...deadlocks, ...[failure, lost].flatMap((one) => one ?? [])]);
  const isEndedByTime = diagnostics.some(({ code }) => code === 'MP705');
  return { name, plan, judgement: { ...judgement, ...(isEndedByTime ? { isEndedByTime } : {}) }, bag: new DiagnosticBag(diagnostics), exitCode: exitCodeOf(diagnostics, judgement, strict, requireProof), lineOf: (place) => lineAt(locate(place, 'value')) };
}

/** With what a search in a thread needs, which no other check loads. */
async function judgeInThread(plan: Plan, { stderr }: CommandContext['host']): Promise<Judgement> {
  const { judgeDeeply } = await import('./deep-search/judge-deeply.ts');
  return judgeDeeply(plan, stderr);
}

/** As `FILE:LINE`. */
function lineAt({ source, start }: SourceRange): string {
  return `${source.name}:${String(new LineIndex(source.text).position(start).line)}`;
}

function exitCodeOf(diagnostics: readonly Diagnostic[], judgement: Judgement, strict: boolean, requireProof: boolean): number {
  const exitCode = specExitCode(diagnostics, strict);
  return exitCode === exitCodes.success && requireProof && !isProvedWhole(judgement) ? exitCodes.failure : exitCode;
}

function isProvedWhole({ verdict, assumptions }: Judgement): boolean {
  return verdict.type === 'proved' && !leavesOut(assumptions);
}

function render(context: CommandContext, specs: readonly CheckedSpec[], options: CheckOptions): string {
  const { format } = options;
  switch (format) {
    case 'text':
      return specs.map((spec) => renderSpecText(context, spec, options)).join('\n');
    case 'json':
      return renderSpecsJson(specs);
    case 'github':
      return specs.map(({ bag }) => renderGithub(bag.report(Infinity))).join('');
    case 'sarif':
      return renderSarif(bagOfAll(specs).report(Infinity), readVersion());
    default:
      return unreachable(format);
  }
}

function renderSpecText(context: CommandContext, { name, plan, judgement, bag, exitCode }: CheckedSpec, { strict, deep }: CheckOptions): string {
  const report = bag.report();
  const parts: string[] = [];
  if (plan !== null && !bag.hasErrors) parts.push(exitCode === exitCodes.success ? `${name}: ok, ${sizeOf(plan)}` : `${name}: not ok, since ${strict && bag.sorted().some(({ severity }) => severity === 'warning') ? '`--strict` takes no warning' : '`--require-proof` asks for a proof of all of it'}`);
  if (report.files.length > 0) parts.push(renderSummary(report));
  const findings = context.renderText(bag, context.host.stdout);
  const proof = judgement === null || bag.hasErrors ? '' : describeJudgement(judgement) + unshown(judgement, bag) + (judgement.verdict.type === 'bound' && !deep ? '  `mpctl check --deep` looks further\n' : '');
  const last = `${parts.length === 0 ? '' : `${parts.join('; ')}\n`}${proof}`;
  return findings === '' || last === '' ? `${findings}${last}` : `${findings}\n${last}`;
}

/** A deadlock that a comment ignores, or whose cause is told by something else, is no proof all the same. */
function unshown({ verdict }: Judgement, bag: DiagnosticBag): string {
  return verdict.type === 'counterexample' && !bag.sorted().some(({ code }) => code === 'MP901') ? 'not proved: some may come to wait for ever\n' : '';
}

/** For example `12 instances, 3 primitives`. */
function sizeOf({ instances, pools, primitives, stdioPipes }: Plan): string {
  const parts = [
    counted(instances.length, 'instance'),
    ...(pools.length === 0 ? [] : [counted(pools.length, 'pool')]),
    counted(primitives.length + stdioPipes.length, 'primitive'),
  ];
  return parts.join(', ');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function bagOfAll(specs: readonly CheckedSpec[]): DiagnosticBag {
  return new DiagnosticBag(specs.flatMap(({ bag }) => bag.sorted()));
}

function renderSpecsJson(specs: readonly CheckedSpec[]): string {
  const document = {
    ...toJsonReport(bagOfAll(specs).report(Infinity)),
    specs: specs.map(({ name, plan, judgement, bag, exitCode }) => ({
      spec: name,
      valid: plan !== null && !bag.hasErrors,
      exitCode,
      instances: plan?.instances.length ?? null,
      pools: plan?.pools.length ?? null,
      primitives: plan === null ? null : plan.primitives.length + plan.stdioPipes.length,
      deadlock: judgement === null ? null : { ...judgement.verdict, assumptions: judgement.assumptions.map(({ kind, text }) => ({ kind, text })) },
    })),
  };
  // Maps are for the findings alone.
  return `${JSON.stringify(document, (_, value: unknown) => (value instanceof Map ? undefined : value), 2)}\n`;
}
