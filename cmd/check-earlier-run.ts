import { describeTask } from '../src/base/describe-task.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { changedTasks } from '../src/engine/changed-tasks.ts';
import { whyUnmatched } from '../src/plan/matched-tasks.ts';
import type { Plan, PoolPlan } from '../src/plan/plan.ts';
import type { EarlierRun } from '../src/runtime/run-options.ts';
import type { FoundRun } from '../src/runtime/run-folder/run-record.ts';

/** Everything that makes a plan go on from an earlier run in another way than its user may think. */
export function checkEarlierRun(plan: Plan, specDigest: string, earlier: EarlierRun, { record }: FoundRun, runs: readonly FoundRun[]): readonly Diagnostic[] {
  const known = record.request?.specDigest;
  return [
    ...(known === undefined || known === specDigest ? [] : [specHasChanged(earlier.id)]),
    ...resumedByAnother(earlier.id, runs),
    ...plan.pools.flatMap((pool) => checkPool(plan, pool, earlier)),
  ];
}

function specHasChanged(id: string): Diagnostic {
  return makeDiagnostic('MP033', `the spec has changed since the run ${id}: what has succeeded there is not run again`, {
    hint: '`mpctl run` runs all of it as it is now',
  });
}

function resumedByAnother(id: string, runs: readonly FoundRun[]): readonly Diagnostic[] {
  const later = runs.findLast(({ record }) => record.request?.resumes === id);
  if (later === undefined) return [];
  return [
    makeDiagnostic('MP037', `the run ${later.record.id} has gone on from ${id} before: what succeeded there is run again`, {
      hint: `\`mpctl resume ${later.record.id}\` goes on from that one`,
    }),
  ];
}

function checkPool(plan: Plan, pool: PoolPlan, earlier: EarlierRun): readonly Diagnostic[] {
  const { name, tasks, results } = pool;
  const why = whyUnmatched(plan, pool);
  if (why !== null) return [makeDiagnostic('MP035', `the tasks of \`${name}\` ${why}: all that come are run, whatever has succeeded before`)];
  const known = earlier.tasks.get(name);
  if (known === undefined) return [];
  const changed = changedTasks(tasks, known);
  const [first] = changed;
  if (first !== undefined) {
    const others = changed.length === 1 ? '' : `, and so ${changed.length === 2 ? 'has' : 'have'} ${changed.length - 1} more`;
    const message = `${describeTask(first.number, first.item)} of \`${name}\` has another item than in the run ${earlier.id}${others}`;
    return [makeDiagnostic('MP034', message, { hint: 'put the items back where they were and new ones at the end, or run all of it with `mpctl run`' })];
  }
  if (results.type !== 'queue' || known.countSettled(0, known.size).succeeded === 0) return [];
  return [makeDiagnostic('MP036', `results of \`${name}\` that the run ${earlier.id} has put into \`${results.queue}\` are not put there again`)];
}
