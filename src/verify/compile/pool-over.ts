import type { PoolPlan } from '../../plan/plan.ts';
import type { CompileContext } from './compile-context.ts';
import { mayBeEnded } from './may-be-ended.ts';
import { mayHalt } from './may-halt.ts';
import { mayBeRefused } from './pool-files.ts';

/**
 * The event that is set when a pool has ended to which some step may submit even then, which fails from that on, or which may be started
 * again and has not the tasks any more then that were left; null of one that ends only when nobody can still submit to it.
 */
export function overEvent(context: CompileContext, pool: PoolPlan): string | null {
  const { name } = pool;
  const mayEndBefore = mayHalt(context, pool) || mayBeRefused(pool) || mayBeEnded(context, name);
  const submitters = context.actorsOf('submit', name);
  return (mayEndBefore && submitters.some(({ by }) => by.type === 'steps')) || (context.mayBeStarted(name) && submitters.length > 0) ? `.over.${name}` : null;
}
