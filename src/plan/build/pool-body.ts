import { positiveCount } from '../../spec/schema/leaves.ts';
import type { PoolSpec } from '../../spec/schema/pool.ts';
import type { PoolBody } from '../plan.ts';
import { buildBody } from './body.ts';
import { buildCommand } from './commands.ts';
import type { FillPlace } from './fill-place.ts';
import { fillLeaf } from './fill-value.ts';
import { schemaLeaf } from './leaf.ts';

const countLeaf = schemaLeaf(positiveCount);

/** Plans what the slots of a pool run, and reports what would be without effect beside it. */
export function buildPoolBody(at: FillPlace, spec: PoolSpec, workingDir: string): PoolBody {
  const { worker, initializer, max_tasks_per_worker: maxTasks } = spec;
  const chunk = fillLeaf(at.below('chunk'), spec.chunk, countLeaf, 1);
  if (worker === undefined) {
    reportWithoutWorker(at, spec, chunk);
    return buildBody(at, spec, workingDir);
  }
  reportTakenStreams(at, spec);
  return {
    type: 'worker',
    command: buildCommand(at.below('worker'), worker, spec.args, at.below('args')),
    initializer: initializer === undefined ? null : buildCommand(at.below('initializer'), initializer),
    chunk,
    maxTasks: maxTasks === undefined ? null : fillLeaf(at.below('max_tasks_per_worker'), maxTasks, countLeaf, 1),
  };
}

function reportWithoutWorker(at: FillPlace, spec: PoolSpec, chunk: number): void {
  const { context, place } = at;
  if (context.gaps.isIn([...place, 'worker'])) return;
  const written = {
    chunk: chunk > 1,
    initializer: spec.initializer !== undefined,
    max_tasks_per_worker: spec.max_tasks_per_worker !== undefined,
  };
  for (const [key, isWritten] of Object.entries(written)) {
    if (!isWritten) continue;
    context.report('MP609', { place: [...place, key], part: 'key' }, `\`${key}\` is about a long-lived \`worker\`, and this pool has none`, {
      hint: `write \`worker\` instead of \`${spec.steps === undefined ? 'command' : 'steps'}\`, or remove it`,
    });
  }
}

function reportTakenStreams(at: FillPlace, { stdin, stdout }: PoolSpec): void {
  const { context, place } = at;
  if (stdin !== undefined && stdin !== null && stdin !== 'null') {
    context.report('MP610', { place: [...place, 'stdin'], part: 'key' }, '`stdin` stands beside `worker`, which reads its tasks there', { hint: 'remove it' });
  }
  if (stdout !== undefined && stdout !== null && stdout !== 'log' && stdout !== 'null') {
    context.report('MP610', { place: [...place, 'stdout'], part: 'key' }, '`stdout` stands beside `worker`, which writes its answers there', {
      hint: 'write `results` for the answers, or remove it',
    });
  }
}
