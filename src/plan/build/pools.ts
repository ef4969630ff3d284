import { integer, percentage, positiveCount } from '../../spec/schema/leaves.ts';
import type { PoolSpec, TasksSpec } from '../../spec/schema/pool.ts';
import type { PoolPlan, TaskSource } from '../plan.ts';
import { buildBackoff } from './backoff.ts';
import { buildBody } from './body.ts';
import type { FillPlace } from './fill-place.ts';
import { fillJson, fillLeaf, fillOptionalDuration, fillText, longestTimeLeaf } from './fill-value.ts';
import { checkKeysOfCommand } from './keys-of-a-command.ts';
import { eitherLeaf, schemaLeaf, wordLeaf } from './leaf.ts';
import type { MatrixSpec } from '../../spec/schema/matrix.ts';
import type { MatrixCombination } from '../expand-matrix.ts';
import { combinationsOf, fillMatrix } from './name-everything.ts';
import { isTooMany, mostMatrixTasks } from './size-limits.ts';
import { poolVariables } from './own-variables.ts';
import { RunTimeNames } from './run-time-names.ts';
import type { SpecBasis } from './spec-basis.ts';
import { storedBy } from './stored-names.ts';
import { queueOf } from './streams.ts';
import { buildWork } from './work.ts';

const countLeaf = schemaLeaf(positiveCount);
const integerLeaf = schemaLeaf(integer);
const orderLeaf = wordLeaf('input', 'completion');
const onHaltLeaf = wordLeaf('finish_running', 'kill');
const haltLeaf = eitherLeaf(countLeaf, schemaLeaf(percentage));

/** One pool with its slots already counted. */
export function buildPool(
  outer: FillPlace,
  name: string,
  spec: PoolSpec,
  workers: number,
  basis: SpecBasis,
): PoolPlan {
  const runTime = RunTimeNames.atAnyStep(true, storedBy(spec.steps));
  const { work, at } = buildWork(outer.inScope({ ...outer.scope, runTime }), spec, basis, poolVariables(outer.context, spec));
  checkKeysOfCommand(at, spec, false);
  // Where tasks come from and their records go is no matter of a single task.
  const apart = at.apartFromTheWork();
  return {
    ...work,
    name,
    workers,
    body: buildBody(at, spec, work.workingDir),
    tasks: buildTasks(apart.below('tasks'), spec.tasks),
    order: fillLeaf(at.below('order'), spec.order, orderLeaf, 'input'),
    results: buildResults(apart.below('results'), spec.results),
    taskTimeoutMs: fillOptionalDuration(at.below('timeout'), spec.timeout, longestTimeLeaf),
    retry: {
      attempts: fillLeaf(at.below('retry').below('attempts'), spec.retry.attempts, countLeaf, 1),
      backoff: buildBackoff(at.below('retry').below('backoff'), spec.retry.backoff),
      on: spec.retry.on,
    },
    halt: buildHalt(at.below('halt').below('after'), spec.halt),
    onHalt: fillLeaf(at.below('on_halt'), spec.on_halt, onHaltLeaf, 'finish_running'),
    jobserver: spec.jobserver,
    joblog: spec.joblog === undefined ? null : fillText(apart.below('joblog'), spec.joblog),
  };
}

function matrixTasks(at: FillPlace, matrix: MatrixSpec): readonly MatrixCombination[] {
  const hint = 'write the tasks to a file and use `tasks: { lines: FILE }`';
  return isTooMany(at, combinationsOf(matrix), mostMatrixTasks, 'tasks of a matrix', hint) ? [] : fillMatrix(at, matrix);
}

function buildTasks(at: FillPlace, tasks: TasksSpec | undefined): TaskSource {
  if (tasks === undefined) return { type: 'none' };
  if (isList(tasks))
    return { type: 'items', items: tasks.map((item, index) => fillJson(at.below(index), item)) };
  if ('queue' in tasks) {
    const queue = queueOf(at.below('queue'), tasks.queue, 'get');
    return queue === null ? { type: 'none' } : { type: 'queue', queue };
  }
  if ('matrix' in tasks)
    return { type: 'matrix', items: matrixTasks(at.below('matrix'), tasks.matrix) };
  if ('lines' in tasks) {
    return { type: 'lines', file: fillText(at.below('lines'), tasks.lines), format: tasks.format };
  }
  if ('glob' in tasks) return { type: 'glob', pattern: fillText(at.below('glob'), tasks.glob) };
  if ('stdin' in tasks) return { type: 'stdin', format: tasks.format };
  const [first = 0, last = 0, step = 1] = tasks.range.map((bound, index) =>
    fillLeaf(at.below('range').below(index), bound, integerLeaf, 0),
  );
  if (step === 0) {
    at.context.report(
      'MP125',
      { place: [...at.place, 'range', 2], part: 'value' },
      'the step of a range is 0, expected another number',
      {
        hint: 'leave it out for a step of 1',
      },
    );
  }
  return { type: 'range', first, last, step };
}

function isList(tasks: TasksSpec): tasks is Extract<TasksSpec, readonly unknown[]> {
  return Array.isArray(tasks);
}

function buildResults(at: FillPlace, results: PoolSpec['results']): PoolPlan['results'] {
  if (results === undefined) return { type: 'none' };
  if ('file' in results) return { type: 'file', file: fillText(at.below('file'), results.file) };
  const queue = queueOf(at.below('queue'), results.queue, 'put');
  return queue === null ? { type: 'none' } : { type: 'queue', queue };
}

function buildHalt(at: FillPlace, halt: PoolSpec['halt']): PoolPlan['halt'] {
  if (halt === undefined) return null;
  const after = fillLeaf(at, halt.after, haltLeaf, 1);
  return typeof after === 'number'
    ? { type: 'count', count: after }
    : { type: 'share', percent: Number.parseFloat(after) };
}
