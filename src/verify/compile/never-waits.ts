import { hasQueueStream } from '../../plan/has-queue-stream.ts';
import type { PoolPlan } from '../../plan/plan.ts';
import { walkSteps } from '../../plan/walk-steps.ts';
import type { CompileContext } from './compile-context.ts';

/** Steps that come to their end by themselves. */
const plainVerbs: ReadonlySet<string> = new Set(['print', 'sleep', 'exit', 'set', 'clear', 'add', 'store', 'load']);

/**
 * Whether a task of a pool that has begun comes to its end whatever the others do: it takes nothing more, puts nowhere, and no attempt of
 * it begins anew with what it would have to wait for.
 */
export function neverWaits(context: CompileContext, pool: PoolPlan): boolean {
  const { body, holds, declaredHolds, retry } = pool;
  const isLimited = context.plan.maxParallel !== null;
  if (declaredHolds.length > 0 || context.usesOf(pool.name).length > 0) return false;
  if (retry.attempts > 1 && (holds.length > 0 || isLimited)) return false;
  if (hasQueueStream(pool)) return false;
  if (body.type !== 'steps') return true;
  return [...walkSteps(body.steps)].every(({ verb }) => plainVerbs.has(verb) || verb === 'repeat' || (verb === 'run' && !isLimited));
}
