import path from 'node:path';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import type { EarlierTasks } from '../src/engine/earlier-tasks.ts';
import type { Plan } from '../src/plan/plan.ts';
import { awaitEndOfKilled } from '../src/runtime/run-folder/await-end-of-killed.ts';
import { readEarlierTasks } from '../src/runtime/run-folder/fates-folder.ts';
import { runsFolders } from '../src/runtime/run-folder/run-folder-places.ts';
import { listRuns } from '../src/runtime/run-folder/run-record.ts';
import type { EarlierRun } from '../src/runtime/run-options.ts';
import { checkEarlierRun } from './check-earlier-run.ts';
import { findEarlierRun, runOfAnotherSpec } from './find-earlier-run.ts';
import type { Host } from './host.ts';
import { describeSystemError } from './system-error.ts';

/** What is to go on from which run. */
interface EarlierRunRequest {
  /** As the user named it. */
  readonly name: string;
  /** Absolute. */
  readonly specPath: string;
  readonly plan: Plan;
  readonly specDigest: string;
  readonly onlyFailed: boolean;
}

/** A run to go on from; null where that cannot be, for the reason in `diagnostics`. */
export interface OpenedEarlierRun {
  readonly earlier: EarlierRun | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds the run to go on from among those of the spec, and waits until nothing of it is left. */
export async function openEarlierRun(host: Host, { name, specPath, plan, specDigest, onlyFailed }: EarlierRunRequest): Promise<OpenedEarlierRun> {
  const all = runsFolders(path.dirname(specPath), host.environment)
    .flatMap((folder) => listRuns(folder))
    .toSorted((a, b) => (a.record.id < b.record.id ? -1 : 1));
  const runs = all.filter(({ record }) => record.spec === specPath);
  const found = findEarlierRun(name, runs, `of \`${path.relative(host.workingDir, specPath)}\``);
  if (!found.ok) {
    const others = all.filter((run) => !runs.includes(run));
    const other = found.error.code === 'MP030' ? runOfAnotherSpec(name, others, host.workingDir) : null;
    return { earlier: null, diagnostics: [other ?? found.error] };
  }
  const { folder, record } = found.value;
  await awaitEndOfKilled(found.value, () => host.stderr.write(`mpctl: waiting for the end of what the run ${record.id} has left\n`));
  let tasks: ReadonlyMap<string, EarlierTasks>;
  try {
    tasks = readEarlierTasks(folder, onlyFailed);
  } catch (error) {
    return { earlier: null, diagnostics: [makeDiagnostic('MP032', `the fates of the run ${record.id} cannot be read: ${describeSystemError(error).sentence}`)] };
  }
  const earlier = { id: record.id, folder, tasks };
  const diagnostics = checkEarlierRun(plan, specDigest, earlier, found.value, runs);
  return { earlier: diagnostics.some(({ severity }) => severity === 'error') ? null : earlier, diagnostics };
}
