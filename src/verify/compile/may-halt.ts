import type { PoolPlan } from '../../plan/plan.ts';
import type { CompileContext } from './compile-context.ts';

/**
 * Whether a pool may take no further task though it has some: with its failures, or since no worker of it can be had, as where the `initializer`
 * fails, or one after the other ends without an answer (`src/engine/worker-life.ts`). The latter is of account only where others hand it tasks,
 * and see that it takes them no more: that its own ones do nothing is as if each had failed.
 */
export function mayHalt(context: CompileContext, { name, halt, body, tasks }: PoolPlan): boolean {
  return halt !== null || (body.type === 'worker' && (tasks.type === 'queue' || context.actorsOf('submit', name).some(({ by }) => by.type === 'steps')));
}
