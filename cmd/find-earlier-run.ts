import path from 'node:path';
import { err, ok, type Result } from '../src/base/result.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { isAnybodyLeft } from '../src/runtime/run-folder/await-end-of-killed.ts';
import { hasFates } from '../src/runtime/run-folder/fates-folder.ts';
import { isElsewhere, type FoundRun } from '../src/runtime/run-folder/run-record.ts';

/** The word for the run that was begun last. */
const lastRun = 'last';
/** So many runs are listed where one was not found. */
const shownRuns = 3;

/**
 * The run that a user means by an id, a part of one, or `last`.
 *
 * @param runs those that may be meant, oldest first
 * @param where whose they are, to follow "no run … "
 */
export function findEarlierRun(name: string, runs: readonly FoundRun[], where: string): Result<FoundRun, Diagnostic> {
  const meant = name === lastRun ? runs.slice(-1) : runs.filter(({ record }) => name !== '' && record.id.includes(name));
  const [run, another] = meant;
  if (run === undefined) return err(notFound(name, runs, where));
  if (another !== undefined && run.record.id !== name) {
    return err(makeDiagnostic('MP030', `\`${name}\` is a part of the ids of ${meant.length} runs`, { hint: `write more of it: ${idsOf(meant)}` }));
  }
  return whyNot(run, runs) ?? ok(run);
}

function notFound(name: string, runs: readonly FoundRun[], where: string): Diagnostic {
  const message = name === lastRun ? `there was no run ${where} yet` : `there is no run \`${name}\` ${where}`;
  return makeDiagnostic('MP030', message, { hint: runs.length === 0 ? '`mpctl run` starts one' : `\`mpctl runs\` lists them; the last: ${idsOf(runs)}` });
}

function whyNot(run: FoundRun, runs: readonly FoundRun[]): Result<FoundRun, Diagnostic> | null {
  const { id } = run.record;
  const living = [run, ...runs.filter(({ record }) => record.request?.resumes === id)].find(({ alive, record }) => alive && record.end === null);
  if (living !== undefined) {
    const message = living === run ? `the run ${id} still goes on` : `the run ${living.record.id} goes on, which has resumed ${id}`;
    return err(makeDiagnostic('MP031', message, { hint: `\`mpctl stop --run ${living.record.id}\` stops it, with the fate of every task noted` }));
  }
  if (run.record.end === null && isElsewhere(run.record) && isAnybodyLeft(run.record)) {
    return err(makeDiagnostic('MP031', `the run ${id} still goes on, in a container`, { hint: '`mpctl stop` stops it, called in there' }));
  }
  if (hasFates(run.folder)) return null;
  const message = `the run ${id} has no pool whose tasks could be gone on with`;
  return err(makeDiagnostic('MP032', message, { hint: '`mpctl run` begins anew' }));
}

/** Those that were begun last, newest first. */
function idsOf(runs: readonly FoundRun[]): string {
  const shown = runs.slice(-shownRuns).toReversed().map(({ record }) => record.id);
  return shown.join(', ');
}

/** What to call instead, where a run that is meant is one of another spec; null where none is. */
export function runOfAnotherSpec(name: string, runs: readonly FoundRun[], workingDir: string): Diagnostic | null {
  const run = name === lastRun ? undefined : runs.find(({ record }) => record.id.includes(name));
  if (run === undefined) return null;
  const spec = path.relative(workingDir, run.record.spec);
  return makeDiagnostic('MP030', `the run ${run.record.id} is one of \`${spec}\``, { hint: `\`mpctl run --resume ${run.record.id} ${spec}\` goes on from it` });
}
