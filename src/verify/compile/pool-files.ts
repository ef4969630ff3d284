import type { PoolPlan } from '../../plan/plan.ts';
import type { Script } from '../model.ts';
import { orFails } from '../script-words.ts';
import type { CompileContext } from './compile-context.ts';

/** Whether a pool writes files of its own, which others may keep it from. */
export function hasFiles({ joblog, results }: PoolPlan): boolean {
  return joblog !== null || results.type === 'file';
}

/** Whether its tasks are read from outside, which may fail. */
export function isReadAsItComes({ tasks }: PoolPlan): boolean {
  return tasks.type === 'lines' || tasks.type === 'glob' || tasks.type === 'stdin';
}

/** Whether a pool may end before it takes any task: what it waits for does not come, or its files cannot be opened. */
export function mayBeRefused(pool: PoolPlan): boolean {
  return pool.dependsOn.length + pool.waitFor.length > 0 || hasFiles(pool);
}

/** Its files may not be opened, as where there is no folder for them: it never starts then (`src/engine/pool-life.ts`). */
export function mayLackFiles(context: CompileContext, pool: PoolPlan, failed: Script): Script {
  const { name, place } = pool;
  if (!hasFiles(pool) || context.isPatient) return [];
  context.assume('coarser', `the files of \`${name}\` may not be written`, place, { of: name, part: 'is_cut_short' });
  return [orFails('start', place, failed)];
}
