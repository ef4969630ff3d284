import type { PoolPlan } from '../../plan/plan.ts';
import type { CompileContext } from './compile-context.ts';
import { isReadAsItComes } from './pool-files.ts';

/**
 * Whether a pool may take no further task though it has some: with its failures, or since no worker of it can be had, as where the `initializer`
 * fails, or one after the other ends without an answer (`src/engine/worker-life.ts`). The latter is of account only where others hand it tasks,
 * and see that it takes them no more: that its own ones do nothing is as if each had failed.
 */
export function mayHalt(context: CompileContext, pool: PoolPlan): boolean {
  const { halt, body, tasks } = pool;
  return halt !== null || (body.type === 'worker' && (tasks.type === 'queue' || isSubmittedTo(context, pool))) || mayNotBeRead(context, pool);
}

/** Whether it may be halted since its own tasks cannot be read, which whoever submits others sees (`src/engine/pool-source.ts`). */
export function mayNotBeRead(context: CompileContext, pool: PoolPlan): boolean {
  return isReadAsItComes(pool) && isSubmittedTo(context, pool);
}

function isSubmittedTo(context: CompileContext, { name }: PoolPlan): boolean {
  return context.actorsOf('submit', name).some(({ by }) => by.type === 'steps');
}
