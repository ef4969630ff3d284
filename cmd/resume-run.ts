import path from 'node:path';
import { exitCodes } from '../src/base/exit-codes.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import type { CommandContext } from './context.ts';
import { exitWith, type Exit } from './exit.ts';
import { findEarlierRun } from './find-earlier-run.ts';
import type { ResumeFlags } from './run-flags.ts';
import { runPrepared } from './run-spec.ts';
import { runsHere } from './verbs/find-run.ts';

/** Goes on from a run as it was called: with its spec, its names and what was said over the spec. */
export async function resumeRun(context: CommandContext, name: string, flags: ResumeFlags): Promise<Exit> {
  const { host } = context;
  const found = findEarlierRun(name, runsHere(host), 'in this folder');
  if (!found.ok) {
    context.printDiagnostics([found.error]);
    return exitWith(exitCodes.usage);
  }
  const { record } = found.value;
  const { request } = record;
  if (request === undefined || request === null || request.isStandardInput) {
    const message = `the spec of the run ${record.id} came from standard input, and is not there any more`;
    context.printDiagnostics([makeDiagnostic('MP032', message, { hint: `\`mpctl run --resume ${record.id} - <SPEC\` goes on from it` })]);
    return exitWith(exitCodes.usage);
  }
  const spec = path.relative(host.workingDir, record.spec);
  return runPrepared(context, { spec, names: request.names, overrides: request.overrides, resume: record.id, flags, ordered: {} });
}
